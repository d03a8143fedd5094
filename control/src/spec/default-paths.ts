import { normalisePath } from '../kinds/normalise-path.ts';

/** Where dead letters go when the spec does not say: beside the sink's folder, not in it. */
export function defaultDeadLettersPath(sinkPath: string): string {
  return `${normalisePath(sinkPath)}-dead-letters.jsonl`;
}
