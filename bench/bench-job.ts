import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateJob } from '../control/src/generate/generate-job.ts';
import { lintSpec } from '../control/src/lint/lint-spec.ts';
import { root } from './bench-stage.ts';

export interface BenchJobChanges {
  readonly topic: string;
  /** One batch for the whole backlog, as the notebook had it, or the spec's own limit. */
  readonly eventsPerBatch?: number;
}

/** The generated job of the sample spec, for another topic, written into a folder. Returns its path. */
export function writeBenchJob(folder: string, changes: BenchJobChanges): string {
  const sample = readFileSync(join(root, 'spark-jobs/specs/device-events.yaml'), 'utf8');
  const text = sample
    .replace(/topic: .*/, `topic: ${changes.topic}`)
    .replace(
      /max-events-per-batch: .*/,
      `max-events-per-batch: ${changes.eventsPerBatch ?? 100_000}`,
    )
    .replace(/^trigger:.*$/m, 'trigger: 1 second');
  const { pipeline, findings } = lintSpec(text, { roots: [folder], workFolder: folder });
  if (!pipeline) throw new Error(JSON.stringify(findings));
  const path = join(folder, 'job.py');
  writeFileSync(path, generateJob(pipeline).text);
  return path;
}
