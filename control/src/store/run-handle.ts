import type { ProcessIdentity } from '../process-identity.ts';

/** A driver on this machine. Handles are plain JSON, saved before anybody waits on them. */
export interface LocalHandle {
  readonly target: 'local';
  readonly runId: string;
  /** The leader of the driver's process group. */
  readonly process: ProcessIdentity;
  readonly runFolder: string;
}

/** A driver on this machine whose executors run on a cluster. */
export interface StandaloneHandle extends Omit<LocalHandle, 'target'> {
  readonly target: 'standalone';
  /** `spark://host:port` */
  readonly master: string;
  /** As the master names it, once it is known: `app-20261124085550-0000`. */
  readonly application?: string;
}

/** A run of an AWS Glue job. */
export interface GlueHandle {
  readonly target: 'glue';
  readonly runId: string;
  readonly jobName: string;
  /** As AWS names it: `jr_...`, perhaps with `_attempt_N` or `_restart_N`. */
  readonly jobRunId: string;
}

/** Names one driver so that any later process can find it again. */
export type RunHandle = LocalHandle | StandaloneHandle | GlueHandle;
