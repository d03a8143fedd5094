import type { Pipeline } from '../spec/pipeline.ts';

export interface GeneratedJob {
  /** For example `device_events.py`. */
  readonly fileName: string;
  /** The whole Python file. The same pipeline gives the same bytes. */
  readonly text: string;
  /** Names of the environment variables that the job reads. */
  readonly environment: readonly string[];
  /** Names of the output columns, in order. */
  readonly columns: readonly string[];
}

/** Prints the PySpark job of a pipeline. Pure: no clock, disk, network or chance. */
export function generateJob(pipeline: Pipeline): GeneratedJob {
  return { fileName: '', text: '', environment: [], columns: pipeline.columns };
}
