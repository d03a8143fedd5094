import { pythonName } from '../pyspark/python-name.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { emitKinds } from './emit-kinds.ts';
import { joinSections } from './job-sections.ts';

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

/** Prints the PySpark job of a pipeline that lint has passed. Pure: no clock, disk, network or chance. */
export function generateJob(pipeline: Pipeline): GeneratedJob {
  const fileName = `${pythonName(pipeline.name)}.py`;
  return Object.freeze({
    fileName,
    text: joinSections(pipeline, emitKinds(pipeline), fileName),
    environment: pipeline.environment.map(({ name }) => name),
    columns: pipeline.columns,
  });
}
