import { SluiceError } from '../errors/sluice-error.ts';
import { type CommittedPart, CommittedParts } from './committed-parts.ts';
import { type MergeMeans, mergeParts, usualTuning } from './merge-parts.ts';
import type { MergeOptions } from './merge-settings.ts';
import type { MergeTotals } from './merge-state.ts';
import { nameFailure } from './name-failure.ts';
import { closeMerge, type OpenMerge } from './open-merge.ts';
import { filterParts } from './partition-filter.ts';
import { resumeOrBegin, unmerged } from './resume-merge.ts';

/** One writer's time with one merged file. After an error it must be closed; a new one recovers. */
export class MergeSession {
  readonly #means: MergeMeans;
  readonly #options: MergeOptions;
  readonly #committed: CommittedParts;
  readonly #merge: OpenMerge;
  #waiting: readonly CommittedPart[];

  private constructor(means: MergeMeans, options: MergeOptions, opened: Opened) {
    this.#means = means;
    this.#options = options;
    this.#committed = opened.committed;
    this.#merge = opened.merge;
    this.#waiting = opened.waiting;
  }

  /**
   * Opens the merged file, recovers it after a crash, or begins it. Throws MERGE_NOTHING_COMMITTED while Spark has
   * committed nothing, and every error of recovery; nothing is created or changed then.
   */
  static async open(means: MergeMeans, options: MergeOptions): Promise<MergeSession> {
    try {
      return new MergeSession(means, options, await openParts(means, options));
    } catch (error) {
      throw await nameFailure(error, means.port, { file: options.into });
    }
  }

  get totals(): MergeTotals {
    return this.#merge.state.totals;
  }

  /** Uncommitted bytes of a crash that were cut off at the opening. */
  get cutBack(): number {
    return this.#merge.cutBack;
  }

  /** Committed parts that are known and not merged. */
  get pendingParts(): number {
    return this.#waiting.length;
  }

  /** Merges every part that is committed now. */
  async pass(signal?: AbortSignal, onCommit?: () => void): Promise<void> {
    const { port, tuning = usualTuning } = this.#means;
    const merge = this.#merge;
    try {
      this.#waiting = [...this.#waiting, ...(await this.#readNew())];
      const parts = this.#waiting;
      const committed = () => {
        this.#waiting = unmerged(parts, merge.state);
        onCommit?.();
      };
      await mergeParts({ port, merge, parts, tuning, signal, onCommit: committed });
    } catch (error) {
      throw await nameFailure(error, port, {
        file: merge.path,
        needed: neededBytes(this.#waiting),
      });
    }
  }

  close(): Promise<void> {
    return closeMerge(this.#merge);
  }

  async #readNew(): Promise<readonly CommittedPart[]> {
    const listed = (await this.#committed.readNew()) ?? [];
    const { directory, only = null } = this.#options;
    return unmerged(filterParts(listed, only, directory), this.#merge.state);
  }
}

interface Opened {
  readonly committed: CommittedParts;
  readonly merge: OpenMerge;
  readonly waiting: readonly CommittedPart[];
}

async function openParts(means: MergeMeans, options: MergeOptions): Promise<Opened> {
  const { directory } = options;
  const committed = new CommittedParts(means.port, directory);
  const listed = await committed.readNew();
  if (listed === undefined) throw new SluiceError('MERGE_NOTHING_COMMITTED', { directory });
  const parts = filterParts(listed, options.only ?? null, directory);
  const merge = await resumeOrBegin(means, options, parts);
  try {
    return { committed, merge, waiting: unmerged(parts, merge.state) };
  } catch (error) {
    await closeMerge(merge);
    throw error;
  }
}

function neededBytes(parts: readonly CommittedPart[]): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}
