import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '../errors/sluice-error.ts';
import type { MergeOptions } from '../merge/merge-settings.ts';
import type { SentProgress } from '../merge/merge-worker-messages.ts';
import type { QuarantineReason } from '../merge/quarantine.ts';
import type { Cause } from '../store/run-state.ts';
import type { Report } from '../watch/watch-tools.ts';
import type { MergeProcess } from './merge-process.ts';
import type { MergeProgress } from './merge-progress.ts';

/** After an end that was not asked for the next try waits so long, each time twice as long. */
const calmMs = { first: 200, most: 5000 };
/** A following that held so long was a good one. */
const goodMs = 30_000;

export interface FollowedFileOptions {
  readonly merge: MergeOptions;
  readonly everyMs: number;
  readonly process: MergeProcess;
  readonly report: Report;
}

/** Keeps one merged file up to date until it is stopped, and knows how far it is. */
export class FollowedFile {
  readonly #ending = new AbortController();
  readonly #options: FollowedFileOptions;
  readonly #done: Promise<void>;
  #progress: MergeProgress;

  constructor(options: FollowedFileOptions) {
    this.#options = options;
    const pending = { pendingParts: 0, pendingBytes: 0, quarantinedParts: 0 };
    const nothing = { rows: 0, bytes: 0, parts: 0, ...pending };
    this.#progress = { file: options.merge.into, state: 'WAITING', ...nothing };
    this.#done = this.#follow();
  }

  get progress(): MergeProgress {
    return this.#progress;
  }

  /** Ends after what is whole has been committed. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  /** An error, or the death of the process, ends a following; its cause may be mended, so it is begun again. */
  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    let calm = calmMs.first;
    while (!signal.aborted) {
      const beganAt = performance.now();
      await this.#followOnce(signal);
      if (performance.now() - beganAt > goodMs) calm = calmMs.first;
      if (!signal.aborted) await pause(calm, undefined, { signal }).catch(() => undefined);
      calm = Math.min(calm * 2, calmMs.most);
    }
  }

  async #followOnce(signal: AbortSignal): Promise<void> {
    const { merge, everyMs, process } = this.#options;
    const following = process.follow(merge, everyMs, (progress) => this.#take(progress));
    const stop = () => following.stop();
    signal.addEventListener('abort', stop, { once: true });
    const end = await following.ended;
    signal.removeEventListener('abort', stop);
    if ('last' in end) this.#take(end.last);
    else if (!signal.aborted) this.#takeDeath(end.gone);
  }

  #take(sent: SentProgress): void {
    const { rows, bytes, parts, pendingParts, pendingBytes, lastMergedAt, error } = sent;
    const [held] = sent.quarantined;
    const cause = error ? Object.freeze(error) : held && explainHeld(held);
    this.#reportNew(cause);
    this.#progress = {
      file: this.#options.merge.into,
      state: stateOf(sent),
      ...{ rows, bytes, parts, pendingParts, pendingBytes },
      quarantinedParts: sent.quarantined.length,
      ...(lastMergedAt ? { at: lastMergedAt } : {}),
      ...(cause ? { cause } : {}),
    };
  }

  #takeDeath(how: string): void {
    const { code, message, next } = new SluiceError('MERGE_PROCESS_GONE', {
      file: this.#options.merge.into,
      how,
    });
    const cause = Object.freeze({ code, sentence: message, next });
    this.#reportNew(cause);
    this.#progress = { ...this.#progress, state: 'BLOCKED', cause };
  }

  #reportNew(cause: Cause | undefined): void {
    if (!cause || this.#progress.cause?.sentence === cause.sentence) return;
    const { report, merge } = this.#options;
    report('error', 'a merge does not go on as it should', { file: merge.into, ...cause });
  }
}

function stateOf({ phase, error, quarantined }: SentProgress): MergeProgress['state'] {
  if (error !== undefined) return 'BLOCKED';
  if (quarantined.length > 0) return 'DEGRADED';
  return phase === 'waiting' ? 'WAITING' : 'MERGING';
}

function explainHeld({ code, reason, next }: QuarantineReason): Cause {
  return Object.freeze({ code, sentence: reason, next });
}
