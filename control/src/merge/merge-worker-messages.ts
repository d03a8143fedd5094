import type { ErrorCode } from '../errors/catalogue.ts';
import type { MergeProgress } from './follow-merge.ts';
import type { MergeOptions } from './merge-settings.ts';

/** What the service tells its merge process: JSON messages over the IPC channel of Node's fork. */
export type MergeOrder =
  | {
      readonly kind: 'follow';
      /** Chosen by the service; every answer carries it. */
      readonly id: number;
      readonly options: MergeOptions;
      readonly everyMs: number;
    }
  | { readonly kind: 'stop'; readonly id: number };

/** What the merge process answers. `ended` is the last word on an id. */
export interface MergeAnswer {
  readonly kind: 'progress' | 'ended';
  readonly id: number;
  readonly progress: SentProgress;
}

/** A progress whose error has become plain data. */
export interface SentProgress extends Omit<MergeProgress, 'error'> {
  readonly error?: {
    readonly code: ErrorCode;
    readonly sentence: string;
    readonly next: string;
  };
}

/** Makes a progress fit for a message. */
export function sendable({ error, ...progress }: MergeProgress): SentProgress {
  if (error === undefined) return progress;
  return { ...progress, error: { code: error.code, sentence: error.message, next: error.next } };
}
