import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '../errors/sluice-error.ts';
import { mergeOnce } from '../merge/merge-once.ts';
import type { MergeOptions } from '../merge/merge-settings.ts';
import type { MergeTotals } from '../merge/merge-state.ts';
import type { Cause } from '../store/run-state.ts';
import type { Report } from '../watch/watch-tools.ts';
import type { MergeProgress } from './merge-progress.ts';

/** After an error the next try waits at least this long. */
const calmMs = 5000;

/** Keeps one merged file up to date until it is stopped, and knows how far it is. */
export class MergeFollower {
  readonly #ending = new AbortController();
  readonly #options: MergeOptions;
  readonly #report: Report;
  readonly #done: Promise<void>;
  #progress: MergeProgress;

  constructor(options: MergeOptions, everyMs: number, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#progress = { file: options.into, state: 'WAITING', rows: 0, bytes: 0, parts: 0 };
    this.#done = this.#run(everyMs);
  }

  get progress(): MergeProgress {
    return this.#progress;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#done;
  }

  async #run(everyMs: number): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const waitMs = (await this.#pass()) ? everyMs : Math.max(everyMs, calmMs);
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #pass(): Promise<boolean> {
    try {
      const { signal } = this.#ending;
      const onProgress = (totals: MergeTotals) => this.#merged(totals);
      const { totals } = await mergeOnce({ ...this.#options, signal, onProgress });
      this.#merged(totals);
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #merged({ rows, bytes, parts }: MergeTotals): void {
    const { file, at } = this.#progress;
    const isNew = bytes !== this.#progress.bytes || parts !== this.#progress.parts;
    const time = isNew ? new Date().toISOString() : at;
    this.#progress = { file, state: 'MERGING', rows, bytes, parts, ...(time ? { at: time } : {}) };
  }

  #failed(error: unknown): boolean {
    if (this.#ending.signal.aborted) return true;
    const isEarly = error instanceof SluiceError && error.code === 'MERGE_NOTHING_COMMITTED';
    if (isEarly) return true;
    const cause = toCause(error);
    if (this.#progress.cause?.sentence !== cause.sentence) {
      this.#report('error', 'a merge is blocked', { file: this.#progress.file, ...cause });
    }
    this.#progress = { ...this.#progress, state: 'BLOCKED', cause };
    return false;
  }
}

function toCause(error: unknown): Cause {
  const known =
    error instanceof SluiceError ? error : new SluiceError('INTERNAL', { problem: String(error) });
  return Object.freeze({ code: known.code, sentence: known.message, next: known.next });
}
