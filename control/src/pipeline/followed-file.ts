import { setTimeout as pause } from 'node:timers/promises';
import type { SluiceError } from '../errors/sluice-error.ts';
import { type MergeProgress as Followed, followMerge } from '../merge/follow-merge.ts';
import type { MergeOptions } from '../merge/merge-settings.ts';
import type { QuarantineReason } from '../merge/quarantine.ts';
import type { Cause } from '../store/run-state.ts';
import type { Report } from '../watch/watch-tools.ts';
import type { MergeProgress } from './merge-progress.ts';

/** After an error that ended the following the next try waits this long. */
const calmMs = 5000;

/** Keeps one merged file up to date until it is stopped, and knows how far it is. */
export class FollowedFile {
  readonly #ending = new AbortController();
  readonly #options: MergeOptions;
  readonly #report: Report;
  readonly #done: Promise<void>;
  #progress: MergeProgress;

  constructor(options: MergeOptions, everyMs: number, report: Report) {
    this.#options = options;
    this.#report = report;
    const pending = { pendingParts: 0, pendingBytes: 0, quarantinedParts: 0 };
    const nothing = { rows: 0, bytes: 0, parts: 0, ...pending };
    this.#progress = { file: options.into, state: 'WAITING', ...nothing };
    this.#done = this.#follow(everyMs);
  }

  get progress(): MergeProgress {
    return this.#progress;
  }

  /** Ends after what is whole has been committed. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  /** An error ends a following; somebody may mend its cause, so it is begun again after a while. */
  async #follow(everyMs: number): Promise<void> {
    const { signal } = this.#ending;
    const onProgress = (progress: Followed) => this.#take(progress);
    while (!signal.aborted) {
      await followMerge({ ...this.#options, everyMs, signal, onProgress });
      if (!signal.aborted) await pause(calmMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #take(followed: Followed): void {
    const { rows, bytes, parts, pendingParts, pendingBytes, lastMergedAt, error } = followed;
    const [held] = followed.quarantined;
    const cause = error ? toCause(error) : held && explainHeld(held);
    this.#reportNew(cause);
    this.#progress = {
      file: this.#options.into,
      state: stateOf(followed),
      ...{ rows, bytes, parts, pendingParts, pendingBytes },
      quarantinedParts: followed.quarantined.length,
      ...(lastMergedAt ? { at: lastMergedAt } : {}),
      ...(cause ? { cause } : {}),
    };
  }

  #reportNew(cause: Cause | undefined): void {
    if (!cause || this.#progress.cause?.sentence === cause.sentence) return;
    this.#report('error', 'a merge is blocked', { file: this.#options.into, ...cause });
  }
}

function stateOf({ phase, error, quarantined }: Followed): MergeProgress['state'] {
  if (error !== undefined) return 'BLOCKED';
  if (quarantined.length > 0) return 'DEGRADED';
  return phase === 'waiting' ? 'WAITING' : 'MERGING';
}

function explainHeld({ code, reason, next }: QuarantineReason): Cause {
  return Object.freeze({ code, sentence: reason, next });
}

function toCause({ code, message, next }: SluiceError): Cause {
  return Object.freeze({ code, sentence: message, next });
}
