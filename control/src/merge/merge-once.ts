import { diskFiles } from './disk-files.ts';
import { takeMergeLock } from './merge-lock.ts';
import type { MergeMeans } from './merge-parts.ts';
import { MergeSession } from './merge-session.ts';
import type { MergeOptions } from './merge-settings.ts';
import type { MergeTotals } from './merge-state.ts';
import { placeMergedFile } from './place-merged-file.ts';
import { beginSwap, clearRebuild, finishSwap, rebuildOf } from './swap-files.ts';

export interface MergeOnceOptions extends MergeOptions {
  /** Makes the merged file and its journal anew from all committed parts and puts them in place of the old ones. */
  readonly rebuild?: boolean;
  /** Called after each commit with what is merged and how many parts are left. */
  readonly onProgress?: (totals: MergeTotals, pendingParts: number) => void;
  readonly signal?: AbortSignal;
}

/** What one merge did. Its success means that every row committed at its start is in the merged file. */
export interface MergeResult {
  /** Merged by this call. */
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  /** All that the merged file holds; `totals.bytes` is its length. */
  readonly totals: MergeTotals;
  /** Uncommitted bytes of an earlier crash that were cut off first. */
  readonly cutBack: number;
}

/**
 * Merges all parts that a Spark streaming output has committed into one file, or those that are not in it yet.
 * Throws a SluiceError named MERGE_... when a part is not sound (the parts before it are merged then), when the
 * merged file is not ours or was changed, when somebody else writes it (MERGE_LOCKED), or when the disk fails.
 */
export async function mergeOnce(options: MergeOnceOptions): Promise<MergeResult> {
  const into = await placeMergedFile(options.into);
  const lock = await takeMergeLock(into);
  try {
    const merge = options.rebuild ? rebuildMerge : mergePending;
    return await merge({ port: diskFiles }, { ...options, into });
  } finally {
    await lock.release();
  }
}

/** Merges what is pending, without a lock. */
export async function mergePending(
  means: MergeMeans,
  options: MergeOnceOptions,
): Promise<MergeResult> {
  const session = await MergeSession.open(means, options);
  try {
    const before = session.totals;
    const report = () => options.onProgress?.(session.totals, session.pendingParts);
    await session.pass(options.signal, report);
    const { totals, cutBack } = session;
    return {
      parts: totals.parts - before.parts,
      rows: totals.rows - before.rows,
      bytes: totals.bytes - before.bytes,
      totals,
      cutBack,
    };
  } finally {
    await session.close();
  }
}

/** Merges everything into a new file beside the old one, then swaps them. A crash leaves the old or the new pair. */
export async function rebuildMerge(
  means: MergeMeans,
  options: MergeOnceOptions,
): Promise<MergeResult> {
  const { port } = means;
  await finishSwap(port, options.into);
  await clearRebuild(port, options.into);
  const result = await mergePending(means, { ...options, into: rebuildOf(options.into) });
  await beginSwap(port, options.into);
  await finishSwap(port, options.into);
  return result;
}
