import type { Cause, ObservedState } from '../store/run-state.ts';
import type { PipelineRecord, RestartPlan, RunRecord } from '../store/run-store.ts';
import { makeCause } from './make-cause.ts';

/** What can be said of a pipeline now. Times are ISO 8601; absent ones: nothing was ever seen. */
export interface ObservedPipeline {
  readonly state: ObservedState;
  readonly since: string;
  readonly seenAt?: string;
  /** Age of what is said, in milliseconds. */
  readonly ageMs?: number;
  readonly cause?: Cause;
  /** When the state is RESTARTING. */
  readonly restart?: RestartPlan;
}

export interface ObservationClock {
  readonly now: Date;
  /** When this process last saw the driver. */
  readonly seenAt?: Date;
  /** What was seen longer ago than this is not called RUNNING or WAITING any more. */
  readonly staleMs: number;
}

/** Pure: the state to show and to judge moves by. */
export function observePipeline(
  pipeline: PipelineRecord,
  run: RunRecord | undefined,
  clock: ObservationClock,
): ObservedPipeline {
  if (run === undefined) return { state: 'DRAFT', since: pipeline.createdAt };
  const seenAt = clock.seenAt?.toISOString() ?? run.seenAt;
  const ageMs = Math.max(0, clock.now.getTime() - Date.parse(seenAt));
  const base = { since: run.since, seenAt, ageMs };
  if (isAlive(run) && ageMs > clock.staleMs) {
    const why = `nobody has looked for ${Math.round(ageMs / 1000)} s`;
    const cause = makeCause({ code: 'RUN_UNREACHABLE', parameters: { why } });
    return { ...base, state: 'UNKNOWN', cause };
  }
  const cause = run.cause ? { cause: run.cause } : {};
  if (run.restart && run.endedAt !== undefined && pipeline.desired === 'RUNNING') {
    return { ...base, state: 'RESTARTING', restart: run.restart, ...cause };
  }
  return { ...base, state: shownState(pipeline, run), ...cause };
}

function isAlive({ endedAt, state }: RunRecord): boolean {
  return endedAt === undefined && (state === 'RUNNING' || state === 'WAITING');
}

/** An accepted stop counts from its acceptance, not from the watcher's next round. */
function shownState(pipeline: PipelineRecord, run: RunRecord): ObservedState {
  const stopping = pipeline.desired === 'STOPPED' && run.endedAt === undefined;
  return stopping && run.state !== 'UNKNOWN' ? 'STOPPING' : run.state;
}
