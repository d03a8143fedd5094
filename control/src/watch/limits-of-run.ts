import type { WatchLimits } from '../config.ts';
import { isObjectPath } from '../storage/place.ts';
import type { RunRecord } from '../store/run-store.ts';

/** Jobs beat slower in buckets, where each request costs money, and there they are looked at less often. */
export function limitsOfRun(
  { controlFolder }: Pick<RunRecord, 'controlFolder'>,
  limits: WatchLimits,
): WatchLimits {
  return isObjectPath(controlFolder)
    ? { ...limits, pollMs: limits.objectPollMs, silenceMs: limits.objectSilenceMs }
    : limits;
}
