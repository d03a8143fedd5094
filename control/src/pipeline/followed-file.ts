import { setTimeout as pause } from 'node:timers/promises';
import type { SluiceError } from '../errors/sluice-error.ts';
import { type MergeProgress as Followed, followMerge } from '../merge/follow-merge.ts';
import type { MergeOptions } from '../merge/merge-settings.ts';
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
    const nothing = { rows: 0, bytes: 0, parts: 0, pendingParts: 0 };
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

  #take({ phase, rows, bytes, parts, pendingParts, lastMergedAt, error }: Followed): void {
    const cause = error && toCause(error);
    this.#reportNew(cause);
    const state = cause ? 'BLOCKED' : phase === 'waiting' ? 'WAITING' : 'MERGING';
    this.#progress = {
      file: this.#options.into,
      ...{ state, rows, bytes, parts, pendingParts },
      ...(lastMergedAt ? { at: lastMergedAt } : {}),
      ...(cause ? { cause } : {}),
    };
  }

  #reportNew(cause: Cause | undefined): void {
    if (!cause || this.#progress.cause?.sentence === cause.sentence) return;
    this.#report('error', 'a merge is blocked', { file: this.#options.into, ...cause });
  }
}

function toCause({ code, message, next }: SluiceError): Cause {
  return Object.freeze({ code, sentence: message, next });
}
