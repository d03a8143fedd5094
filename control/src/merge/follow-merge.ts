import { isPassing } from '../errors/is-passing.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { chooseMeans } from './choose-means.ts';
import { diskFiles } from './disk-files.ts';
import { LogBell } from './log-bell.ts';
import { takeMergeLock } from './merge-lock.ts';
import type { MergeMeans } from './merge-parts.ts';
import { MergeSession } from './merge-session.ts';
import type { MergeOptions } from './merge-settings.ts';
import { placeMergedFile } from './place-merged-file.ts';
import { describeQuarantined, type QuarantineReason } from './quarantine.ts';

export interface FollowOptions extends MergeOptions {
  /** Milliseconds between two looks at the log of the output, where the system does not tell of a new batch before. */
  readonly everyMs: number;
  /** Ends the following; what is whole by then is committed first. */
  readonly signal: AbortSignal;
  /** Called after each look, each commit, and when the state changes. It must not throw. */
  readonly onProgress?: (progress: MergeProgress) => void;
}

/**
 * `waiting`: Spark has committed nothing yet. `merging`: parts are being appended. `idle`: all is merged.
 * `blocked`: the disk is full, or the store refuses or does not answer; it goes on by itself. `stopped`: by the signal, or by `error`.
 */
export type MergePhase = 'waiting' | 'merging' | 'idle' | 'blocked' | 'stopped';

export interface MergeProgress {
  readonly phase: MergePhase;
  /** What is merged; with rotation, in all files together. */
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  /** Committed bytes of the growing file: what a reader may read of it. */
  readonly length: number;
  /** Committed parts that are known and not merged, and their bytes. */
  readonly pendingParts: number;
  readonly pendingBytes: number;
  /** Bytes of those that are copied already, but not safe yet. */
  readonly copiedBytes: number;
  /** Those of them that cannot be trusted, and why. The others go on. */
  readonly quarantined: readonly QuarantineReason[];
  /** When parts were merged last, in ISO 8601; null before the first time in this process. */
  readonly lastMergedAt: string | null;
  /** Why it is blocked or stopped; undefined when the signal ended it. */
  readonly error?: SluiceError | undefined;
}

/**
 * Keeps a merged file up with a stream until the signal ends it or an error stops it. Never rejects: errors come by
 * `onProgress` and in the last progress, which is returned. The lock is held all the time.
 */
export async function followMerge(options: FollowOptions): Promise<MergeProgress> {
  let follower = new MergeFollower({ port: diskFiles }, options);
  try {
    const into = await placeMergedFile(options.into);
    const means = await chooseMeans(options);
    follower = new MergeFollower(means, options);
    const lock = await takeMergeLock(into, means.locks);
    try {
      return await follower.run({ ...options, into });
    } finally {
      await lock.release();
    }
  } catch (error) {
    return follower.stop(error);
  }
}

const nothingYet: MergeProgress = {
  phase: 'waiting',
  parts: 0,
  rows: 0,
  bytes: 0,
  length: 0,
  pendingParts: 0,
  pendingBytes: 0,
  copiedBytes: 0,
  quarantined: [],
  lastMergedAt: null,
};

/** The loop of followMerge, without a lock and on any disk. */
export class MergeFollower {
  readonly #means: MergeMeans;
  readonly #options: FollowOptions;
  #session: MergeSession | undefined;
  #progress = nothingYet;

  constructor(means: MergeMeans, options: FollowOptions) {
    this.#means = means;
    this.#options = options;
  }

  async run(options: FollowOptions): Promise<MergeProgress> {
    const { signal, everyMs, directory, further = [] } = options;
    // Only the newest output still gets batches.
    const bell = new LogBell(this.#means.port, further.at(-1) ?? directory);
    try {
      while (!signal.aborted) {
        bell.listen();
        const failure = await this.#look(options);
        if (failure !== undefined) return this.stop(failure);
        await bell.wait(everyMs, signal);
      }
    } finally {
      bell.close();
    }
    await this.#close();
    return this.#report({ phase: 'stopped', error: undefined });
  }

  /** Reports an error as the end. */
  stop(error: unknown): MergeProgress {
    return this.#report({ phase: 'stopped', error: asSluiceError(error) });
  }

  /** One look: merges what is there. Returns what ends the following, if anything does. */
  async #look(options: FollowOptions): Promise<unknown> {
    try {
      this.#session ??= await MergeSession.open(this.#means, options);
      await this.#session.pass(options.signal, () => this.#reportCommit());
      this.#report({ phase: 'idle', error: undefined });
      return undefined;
    } catch (error) {
      await this.#close();
      if (options.signal.aborted) return undefined;
      return this.#standStill(error) ? undefined : error;
    }
  }

  /** True for a failure that ends by itself. */
  #standStill(error: unknown): boolean {
    if (!(error instanceof SluiceError)) return false;
    if (error.code === 'MERGE_NOTHING_COMMITTED') this.#report({ phase: 'waiting' });
    else if (error.code === 'MERGE_DISK_FULL' || isPassing(error))
      this.#report({ phase: 'blocked', error });
    else return false;
    return true;
  }

  #reportCommit(): void {
    this.#report({ phase: 'merging', error: undefined, lastMergedAt: new Date().toISOString() });
  }

  #report(change: Partial<MergeProgress>): MergeProgress {
    this.#progress = Object.freeze({ ...this.#progress, ...this.#numbers(), ...change });
    this.#options.onProgress?.(this.#progress);
    return this.#progress;
  }

  #numbers(): Partial<MergeProgress> {
    const session = this.#session;
    if (session === undefined) return {};
    const { totals, state, pendingParts, pendingBytes, copiedBytes, quarantined } = session;
    const reasons = quarantined.map(describeQuarantined);
    return {
      ...totals,
      length: state.length,
      pendingParts,
      pendingBytes,
      copiedBytes,
      quarantined: reasons,
    };
  }

  async #close(): Promise<void> {
    const session = this.#session;
    this.#progress = { ...this.#progress, ...this.#numbers() };
    this.#session = undefined;
    await session?.close().catch(() => undefined);
  }
}

function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError('INTERNAL', { problem: String(error) }, { cause: error });
}
