import type { Cause } from '../store/run-state.ts';

/** What is known of one merged file. Times are ISO 8601. */
export interface MergeProgress {
  readonly file: string;
  /**
   * WAITING: nothing was committed yet. DEGRADED: some parts cannot be trusted, the others go on. BLOCKED: nothing goes
   * on; it is tried again. The cause tells why.
   */
  readonly state: 'WAITING' | 'MERGING' | 'DEGRADED' | 'BLOCKED';
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
  /** Committed parts that are known and not merged, and their bytes. */
  readonly pendingParts: number;
  readonly pendingBytes: number;
  /** Those of them that cannot be trusted. Each has its reason in `<file>.quarantine`. */
  readonly quarantinedParts: number;
  /** When something was merged last by this service. */
  readonly at?: string;
  readonly cause?: Cause;
}
