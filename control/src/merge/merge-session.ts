import { SluiceError } from '../errors/sluice-error.ts';
import { isObjectPath } from '../storage/place.ts';
import { acceptLoss, type LossDecision } from './accept-loss.ts';
import { CommittedOutputs } from './committed-outputs.ts';
import type { CommittedPart } from './committed-parts.ts';
import { type MergeMeans, mergeParts, usualTuning } from './merge-parts.ts';
import type { MergeOptions } from './merge-settings.ts';
import type { MergeState, MergeTotals } from './merge-state.ts';
import { nameFailure } from './name-failure.ts';
import { closeMerge, type OpenMerge } from './open-merge.ts';
import { filterParts } from './partition-filter.ts';
import { Quarantine, type QuarantinedPart } from './quarantine.ts';
import { resumeOrBegin, unmerged } from './resume-merge.ts';

/** One writer's time with one merged file. After an error it must be closed; a new one recovers. */
export class MergeSession {
  readonly #means: MergeMeans;
  readonly #options: MergeOptions;
  readonly #committed: CommittedOutputs;
  readonly #merge: OpenMerge;
  readonly #quarantine: Quarantine;
  /** Parts that are neither merged nor in quarantine. */
  #waiting: readonly CommittedPart[] = [];

  private constructor(means: MergeMeans, options: MergeOptions, opened: Opened) {
    this.#means = means;
    this.#options = options;
    this.#committed = opened.committed;
    this.#merge = opened.merge;
    this.#quarantine = new Quarantine(means.port, means.knownAs ?? opened.merge.path);
    this.#await(opened.parts);
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

  get state(): MergeState {
    return this.#merge.state;
  }

  /** Uncommitted bytes of a crash that were cut off at the opening. */
  get cutBack(): number {
    return this.#merge.cutBack;
  }

  /** Committed parts that are known and not merged. */
  get pendingParts(): number {
    return this.#waiting.length + this.#quarantine.parts.length;
  }

  /** Bytes of those, as committed. */
  get pendingBytes(): number {
    const held = this.#quarantine.parts.map(({ part }) => part);
    return sizeOf(this.#waiting) + sizeOf(held);
  }

  /** Bytes that were appended and are not committed yet. */
  get copiedBytes(): number {
    return this.#merge.file.length - this.#merge.state.length;
  }

  /** The parts that cannot be merged, as far as this session has seen. */
  get quarantined(): readonly QuarantinedPart[] {
    return this.#quarantine.parts;
  }

  /** Merges every part that is committed now and sound; the others go into quarantine. */
  async pass(signal?: AbortSignal, onProgress?: () => void): Promise<void> {
    const { port, tuning = usualTuning } = this.#means;
    const merge = this.#merge;
    const quarantine = this.#quarantine;
    try {
      this.#await(await this.#readNew());
      this.#await(await quarantine.releaseCured());
      const parts = this.#waiting;
      const { rotate } = this.#options;
      const committed = () => {
        this.#settle();
        onProgress?.();
      };
      await mergeParts({
        port,
        merge,
        parts,
        tuning,
        quarantine,
        rotate,
        signal,
        onCommit: committed,
        onCopy: onProgress,
      });
      this.#settle();
      await quarantine.write();
    } catch (error) {
      throw await nameFailure(error, port, { file: merge.path, needed: sizeOf(this.#waiting) });
    }
  }

  /** Gives up parts of the quarantine for good, and writes down who decided it. Throws MERGE_LOSS_UNKNOWN. */
  async acceptLoss(decision: LossDecision): Promise<void> {
    try {
      await acceptLoss(this.#merge, this.#quarantine, decision);
      await this.#quarantine.write();
    } catch (error) {
      throw await nameFailure(error, this.#means.port, { file: this.#merge.path });
    }
  }

  close(): Promise<void> {
    return closeMerge(this.#merge);
  }

  /** Takes parts to be merged; those of which the log or the journal has two sizes are held back. */
  #await(parts: readonly CommittedPart[]): void {
    const { state } = this.#merge;
    this.#waiting = [...this.#waiting, ...unmerged(parts, state, this.#quarantine)];
    for (const { part, error } of this.#committed.takeConflicts()) {
      if (filterParts([part], this.#options).length > 0) this.#quarantine.put(part, error);
    }
    this.#settle();
  }

  #settle(): void {
    const { sizes } = this.#merge.state;
    this.#waiting = this.#waiting.filter(
      (part) => !sizes.has(part.relativePath) && !this.#quarantine.has(part),
    );
  }

  async #readNew(): Promise<readonly CommittedPart[]> {
    const listed = (await this.#committed.readNew()) ?? [];
    return filterParts(listed, this.#options);
  }
}

interface Opened {
  readonly committed: CommittedOutputs;
  readonly merge: OpenMerge;
  readonly parts: readonly CommittedPart[];
}

async function openParts(means: MergeMeans, options: MergeOptions): Promise<Opened> {
  const { directory } = options;
  refuseRotatedObject(options);
  const committed = new CommittedOutputs(means.port, [directory, ...(options.further ?? [])]);
  const listed = await committed.readNew();
  if (listed === undefined) throw new SluiceError('MERGE_NOTHING_COMMITTED', { directory });
  const parts = filterParts(listed, options);
  const merge = await resumeOrBegin(means, options, parts);
  return { committed, merge, parts };
}

/** An object cannot be renamed, and a merged one is whole at any time. */
function refuseRotatedObject({ into, rotate }: MergeOptions): void {
  if (rotate !== undefined && isObjectPath(into)) {
    throw new SluiceError('MERGE_OBJECT_UNROTATED', { file: into });
  }
}

function sizeOf(parts: readonly CommittedPart[]): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}
