import type { Config } from '../config.ts';
import type { Executors } from '../executors/executor.ts';
import type { Storage } from '../storage/storage.ts';
import type { RunStore } from '../store/run-store.ts';
import type { SubmitMoment } from '../submit/submit-run.ts';
import type { Watcher } from '../watch/watch-runs.ts';
import type { Report } from '../watch/watch-tools.ts';
import type { MergeFollowers } from './merge-followers.ts';

/** What a running service consists of. */
export interface Service {
  readonly config: Config;
  readonly store: RunStore;
  readonly storage: Storage;
  readonly executors: Executors;
  readonly watcher: Watcher;
  readonly merges: MergeFollowers;
  readonly report: Report;
  readonly now: () => Date;
  readonly onStep?: (moment: SubmitMoment) => void;
  /** Ends watching and merging and lets the state go. Drivers go on. */
  close(): Promise<void>;
}
