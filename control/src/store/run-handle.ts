import type { ProcessIdentity } from '../process-identity.ts';

/** Plain JSON, saved before anybody waits on it. */
export interface LocalHandle {
  readonly target: 'local';
  readonly runId: string;
  /** The leader of the driver's process group. */
  readonly process: ProcessIdentity;
  readonly runFolder: string;
}

/** Names one driver so that any later process can find it again. */
export type RunHandle = LocalHandle;
