import type { RunRecord, StopRecord } from '../store/run-store.ts';
import { writeStopMarker } from './job-signs.ts';
import type { WatchTools } from './watch-tools.ts';

/** Records the stop and its deadline, then writes the marker: in this order a crash between is healed. */
export async function requestStop(
  run: RunRecord,
  tools: WatchTools,
  how: Pick<StopRecord, 'toResume'> = {},
): Promise<void> {
  const now = tools.now();
  const stop = run.stop ?? {
    requestedAt: now.toISOString(),
    deadlineAt: new Date(now.getTime() + tools.limits.stopDeadlineMs).toISOString(),
    ...how,
  };
  if (run.stop === undefined) tools.store.recordStop(run.id, stop);
  if (run.state !== 'STOPPING') {
    const at = now.toISOString();
    tools.store.recordMove(run.id, { state: 'STOPPING', at, seenAt: at });
  }
  await writeStopMarker({ storage: tools.storage, folder: run.controlFolder, runId: run.id });
}

/** The harder ways, after the deadline. The time is recorded before the signal, so a crash repeats it. */
export async function killRun(
  run: RunRecord,
  how: 'terminate' | 'force',
  tools: WatchTools,
): Promise<void> {
  if (!run.stop || !run.handle) return;
  const at = tools.now().toISOString();
  const time = how === 'force' ? { forcedAt: at } : { terminatedAt: at };
  tools.store.recordStop(run.id, { ...run.stop, ...time });
  await tools.executors[run.target].kill(run.handle, how);
}

/** Which way the stop took in the end, or has reached so far. */
export function wayOfStop(stop: StopRecord): 'marker' | 'SIGTERM' | 'SIGKILL' {
  if (stop.forcedAt) return 'SIGKILL';
  return stop.terminatedAt ? 'SIGTERM' : 'marker';
}
