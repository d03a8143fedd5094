import type { Cause } from '../store/run-state.ts';

/** What is known of one merged file. Times are ISO 8601. */
export interface MergeProgress {
  readonly file: string;
  /** WAITING: nothing was committed yet. BLOCKED: see the cause; it is tried again. */
  readonly state: 'WAITING' | 'MERGING' | 'BLOCKED';
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
  /** Committed parts that are known and not merged. */
  readonly pendingParts: number;
  /** When something was merged last by this service. */
  readonly at?: string;
  readonly cause?: Cause;
}
