import type { ProgressSign } from './job-signs.ts';
import { measureLag } from './kafka-lag.ts';

/** How far a run is, as its job last said. Totals count from the start of the run. */
export interface RunProgress {
  readonly at: string;
  readonly batch: number;
  readonly batchMs: number;
  /** Of the last batch, for a second of its working time; absent when it took no measurable time. */
  readonly inputRowsPerSecond?: number;
  readonly rowsPerSecond?: number;
  readonly totals: ProgressSign['totals'];
  /** Kafka records that are there but not in a committed batch; absent when the source does not say. */
  readonly lag?: number;
}

/** Pure: the job's last progress as numbers to show. */
export function describeProgress(progress: ProgressSign): RunProgress {
  const perSecond = (count: number) => Math.round((count * 1000) / progress.batchMs);
  const lag = measureLag(progress.sources ?? []);
  return {
    at: progress.at,
    batch: progress.batch,
    batchMs: progress.batchMs,
    ...(progress.batchMs > 0
      ? {
          inputRowsPerSecond: perSecond(progress.inputRows),
          rowsPerSecond: perSecond(progress.rows),
        }
      : {}),
    totals: progress.totals,
    ...(lag === undefined ? {} : { lag }),
  };
}
