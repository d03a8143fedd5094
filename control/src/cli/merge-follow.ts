import type { MergeProgress } from '../merge/follow-merge.ts';
import type { MergeOptions } from '../merge/merge-settings.ts';
import { MergeProgressBar } from './merge-progress-bar.ts';
import { print, say } from './print-text.ts';
import { incompleteExit, sayQuarantined } from './say-quarantined.ts';

/** Follows a stream until SIGINT or SIGTERM; then what is whole is committed. As JSON: one progress a line. */
export async function followFolder(
  options: MergeOptions,
  everyMs: number,
  json: boolean,
): Promise<void> {
  const { followMerge } = await import('../merge/follow-merge.ts');
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
  const bar = new MergeProgressBar();
  const onProgress = (progress: MergeProgress) => {
    if (json) print(JSON.stringify(describe(progress)));
    else bar.show({ ...progress, totals: progress });
  };
  const last = await followMerge({ ...options, everyMs, signal: end.signal, onProgress });
  bar.clear();
  sayQuarantined(options.into, last.quarantined);
  say(`${options.into} has ${last.rows} rows, ${last.bytes} bytes`);
  if (last.error) throw last.error;
  if (last.pendingParts > 0) process.exitCode = incompleteExit;
}

function describe({ error, ...progress }: MergeProgress) {
  return error === undefined
    ? progress
    : { ...progress, error: { code: error.code, sentence: error.message, next: error.next } };
}
