import { hostname, userInfo } from 'node:os';
import { SluiceError } from '../errors/sluice-error.ts';
import { isObjectPath } from '../storage/place.ts';
import { chooseMeans } from './choose-means.ts';
import type { FilePort } from './file-port.ts';
import { journalOf, readJournal } from './merge-journal.ts';
import { takeMergeLock } from './merge-lock.ts';
import type { MergeMeans } from './merge-parts.ts';
import { MergeSession } from './merge-session.ts';
import type { MergeOptions } from './merge-settings.ts';
import type { MergeTotals } from './merge-state.ts';
import { placeMergedFile } from './place-merged-file.ts';
import { describeQuarantined, type QuarantineReason } from './quarantine.ts';
import { beginSwap, clearRebuild, finishSwap, rebuildOf } from './swap-files.ts';

export interface MergeOnceOptions extends MergeOptions {
  /** Makes the merged file and its journal anew from all committed parts and puts them in place of the old ones. */
  readonly rebuild?: boolean;
  /** Parts to go without for good, of those that cannot be merged. */
  readonly acceptLoss?: readonly string[];
  /** Called after each commit, and ten times a second while a part is copied. */
  readonly onProgress?: (progress: MergeOnceProgress) => void;
  readonly signal?: AbortSignal;
}

/** What is merged, and what is left. */
export interface MergeOnceProgress {
  readonly totals: MergeTotals;
  readonly pendingParts: number;
  /** As committed. */
  readonly pendingBytes: number;
  /** Bytes of those that are copied already, but not safe yet. */
  readonly copiedBytes: number;
}

/**
 * What one merge did. Every row committed at its start is in the merged file when `quarantined` is empty, but for the
 * parts that somebody gave up.
 */
export interface MergeResult {
  /** Merged by this call. */
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  /** All that the merged file holds; with rotation, all files together. */
  readonly totals: MergeTotals;
  /** Committed parts that are not merged because they cannot be trusted, and why. */
  readonly quarantined: readonly QuarantineReason[];
  /** Parts that were given up, now or earlier. */
  readonly lost: readonly string[];
  /** Finished files of the rotation, oldest first. */
  readonly finishedFiles: readonly string[];
  /** Uncommitted bytes of an earlier crash that were cut off first. */
  readonly cutBack: number;
}

/**
 * Merges all parts that a Spark streaming output has committed into one file, or those that are not in it yet.
 * A part that is not sound stands in `quarantined` of the result. Throws a SluiceError named MERGE_... when the log
 * cannot be trusted, the merged file is not ours or was changed, somebody else writes it (MERGE_LOCKED), or the disk
 * fails.
 */
export async function mergeOnce(options: MergeOnceOptions): Promise<MergeResult> {
  const into = await placeMergedFile(options.into);
  const means = await chooseMeans(options);
  const lock = await takeMergeLock(into, means.locks);
  try {
    const merge = options.rebuild ? rebuildMerge : mergePending;
    return await merge(means, { ...options, into });
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
    const report = () => options.onProgress?.(session);
    await session.pass(options.signal, report);
    if (options.acceptLoss?.length) {
      await session.acceptLoss({ parts: options.acceptLoss, by: nameUser() });
    }
    const { totals, cutBack, state, quarantined } = session;
    return {
      parts: totals.parts - before.parts,
      rows: totals.rows - before.rows,
      bytes: totals.bytes - before.bytes,
      totals,
      cutBack,
      quarantined: quarantined.map(describeQuarantined),
      lost: state.lost.map(({ part }) => part),
      finishedFiles: state.finished.map(({ file }) => file),
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
  const { rotate: _, ...unrotated } = options;
  if (isObjectPath(options.into)) return rebuildObject(means, unrotated);
  await finishSwap(port, options.into);
  await refuseRotated(port, options.into);
  await clearRebuild(port, options.into);
  const result = await mergePending(
    { ...means, knownAs: options.into },
    { ...unrotated, into: rebuildOf(options.into) },
  );
  await beginSwap(port, options.into);
  await finishSwap(port, options.into);
  return result;
}

/** The new object takes the place of the old one with the first pass that has rows. */
function rebuildObject(means: MergeMeans, options: MergeOnceOptions): Promise<MergeResult> {
  means.beginAnew?.(options.into);
  return mergePending(means, options);
}

/** Throws MERGE_REBUILD_ROTATED. A journal that cannot be read does not count: it is a reason to rebuild. */
async function refuseRotated(port: FilePort, file: string): Promise<void> {
  const journal = journalOf(file);
  const content = await readJournal(port, journal).catch(() => undefined);
  const count = content?.entries.filter((entry) => entry.kind === 'rotated').length ?? 0;
  if (count > 0) throw new SluiceError('MERGE_REBUILD_ROTATED', { file, count, journal });
}

function nameUser(): string {
  return `${userInfo().username}@${hostname()}`;
}
