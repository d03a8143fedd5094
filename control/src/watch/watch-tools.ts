import type { WatchLimits } from '../config.ts';
import type { Executors } from '../executors/executor.ts';
import type { RestartClause } from '../spec/pipeline.ts';
import type { Storage } from '../storage/storage.ts';
import type { RunRecord, RunStore } from '../store/run-store.ts';

/** One line for the service's log. */
export type Report = (
  level: 'info' | 'warn' | 'error',
  message: string,
  detail?: Readonly<Record<string, unknown>>,
) => void;

/** What watching needs from outside. */
export interface WatchTools {
  readonly store: RunStore;
  readonly storage: Storage;
  readonly executors: Executors;
  readonly limits: WatchLimits;
  readonly now: () => Date;
  readonly report: Report;
  /** Starts the driver of an intent, or adopts the one that is there. */
  readonly launch: (run: RunRecord) => Promise<void>;
  readonly runFolder: (run: RunRecord) => string;
  /** What the spec of a pipeline says of restarts; undefined when it says nothing or is refused now. */
  readonly restartClause: (pipeline: string) => RestartClause | undefined;
  /** Starts a pipeline again as if somebody had asked for it. */
  readonly restart: (pipeline: string) => Promise<void>;
}
