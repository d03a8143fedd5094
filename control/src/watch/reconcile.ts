import { constants } from 'node:os';
import type { WatchLimits } from '../config.ts';
import type { ErrorCode, ErrorParameters } from '../errors/catalogue.ts';
import type { Reason } from '../errors/reason.ts';
import type { Observation } from '../executors/executor.ts';
import { leaseExitCodes } from '../generate/job-lease.ts';
import type { DesiredState, ObservedState } from '../store/run-state.ts';
import type { RunRecord, StopRecord } from '../store/run-store.ts';
import type { EndSign } from './job-signs.ts';

/** Everything the decision depends on; nothing else is looked at. */
export interface RunView {
  readonly desired: DesiredState;
  readonly run: Pick<RunRecord, 'state' | 'endedAt' | 'stop' | 'pipeline' | 'cause'>;
  /** Absent while no handle is recorded. */
  readonly observation?: Observation;
  /** Milliseconds since the job's last sign of life; absent when it gave none yet. */
  readonly silentForMs?: number;
  readonly end?: EndSign;
  readonly stopMarker: boolean;
  /** Why the job's signs cannot be read now; that is no silence of the job. */
  readonly blind?: Reason;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly limits: WatchLimits;
}

/** The one thing to do next. */
export type RunAction =
  | { readonly do: 'none' }
  /** Starts the driver of an intent, or adopts the one that is there. */
  | { readonly do: 'launch' }
  /** The stop came before a handle was recorded: a driver may be there all the same. */
  | { readonly do: 'find-or-end' }
  | { readonly do: 'request-stop' }
  | { readonly do: 'terminate' }
  | { readonly do: 'force' }
  | { readonly do: 'move'; readonly to: ObservedState; readonly why?: Reason }
  | { readonly do: 'end'; readonly as: 'STOPPED' | 'FAILED'; readonly why: Reason };

/**
 * (desired, observed, history, clock) -> one action. Pure. A run that has ended stays ended: whether another one
 * follows is decided by decide-restart.
 */
export function reconcile(view: RunView): RunAction {
  if (view.run.endedAt !== undefined) return { do: 'none' };
  const { observation } = view;
  if (observation === undefined) {
    return { do: view.desired === 'RUNNING' ? 'launch' : 'find-or-end' };
  }
  if (view.blind && !isDecidedBlind(view, observation)) {
    return moveUnlessThere(view, 'UNKNOWN', view.blind);
  }
  switch (observation.kind) {
    case 'unreachable':
      return moveUnlessThere(view, 'UNKNOWN', observation.cause ?? unreachable(observation.why));
    case 'running':
      return isStopping(view) ? nextOfStop(view) : nextOfLife(view, observation);
    default:
      return endOf(view, observation);
  }
}

/** A stop goes on to its harder ways, and what those ended has ended, whatever the signs say. */
function isDecidedBlind({ run: { stop }, ...view }: RunView, { kind }: Observation): boolean {
  if (kind === 'unreachable') return true;
  const isForced = stop?.terminatedAt !== undefined || stop?.forcedAt !== undefined;
  return isForced || (kind === 'running' && (stop !== undefined || view.desired === 'STOPPED'));
}

type Life = Extract<Observation, { kind: 'running' }>;
type Failure = Extract<Observation, { kind: 'failed' }>;
type EndObservation = Exclude<Observation, { kind: 'running' } | { kind: 'unreachable' }>;

function endOf(view: RunView, observation: EndObservation): RunAction {
  const { stop } = view.run;
  if (stop?.forcedAt || stop?.terminatedAt) {
    const signal = stop.forcedAt ? 'SIGKILL' : 'SIGTERM';
    const how = observation.kind === 'stopped' ? 'ending its run at AWS Glue' : signal;
    return stoppedBy(how, stop);
  }
  return conflictOf(view, observation) ?? unforcedEndOf(view, observation);
}

function unforcedEndOf(view: RunView, observation: EndObservation): RunAction {
  const { stop, pipeline } = view.run;
  if (observation.kind === 'gone') {
    const code = observation.withMachine ? 'RUN_LOST' : 'RUN_VANISHED';
    return endAs('FAILED', code, { pipeline, why: observation.why });
  }
  if (observation.kind === 'failed') return failureOf(observation, pipeline);
  if (stop) return stoppedBy('its marker', stop);
  if (observation.kind === 'stopped') {
    return endAs('FAILED', 'RUN_ENDED_OUTSIDE', { why: observation.why });
  }
  if (view.end?.outcome === 'finished') return endAs('STOPPED', 'RUN_DRAINED', { pipeline });
  return endAs('FAILED', 'RUN_ENDED_UNASKED', { pipeline });
}

/** One that stopped together with its service is not what somebody asked for. */
function stoppedBy(how: string, { toResume }: StopRecord): RunAction {
  return endAs('STOPPED', toResume ? 'RUN_PAUSED' : 'RUN_STOPPED', { how });
}

/** A driver that another run kept from starting, or from going on. Its last word tells more than its exit status. */
function conflictOf({ end }: RunView, observation: EndObservation): RunAction | undefined {
  const exitCode = observation.kind === 'failed' ? observation.exitCode : undefined;
  const holder = end?.holder ?? 'another run';
  if (end?.outcome === 'refused' || exitCode === leaseExitCodes.refused) {
    return endAs('FAILED', 'LEASE_HELD', { holder, since: end?.since ?? 'an unknown time' });
  }
  if (end?.outcome === 'fenced' || exitCode === leaseExitCodes.fenced) {
    return endAs('FAILED', 'RUN_FENCED', { holder });
  }
  return undefined;
}

/** A shell gives 128 plus the signal's number for a command that a signal ended. */
function failureOf(failed: Failure, pipeline: string): RunAction {
  const { why, exitCode = 1 } = failed;
  if (why) return endAs('FAILED', why.code, why.parameters);
  const signal = exitCode > 128 ? exitCode - 128 : undefined;
  if (signal === undefined) return endAs('FAILED', 'RUN_FAILED', { pipeline, exitCode });
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return endAs('FAILED', 'RUN_KILLED', { signal: name ?? signal });
}

function isStopping(view: RunView): boolean {
  return view.desired === 'STOPPED' || view.run.stop !== undefined;
}

/** Marker, then SIGTERM after the deadline, then SIGKILL after the delay, repeated until it is gone. */
function nextOfStop(view: RunView): RunAction {
  const { run, stopMarker, now, limits } = view;
  const { stop } = run;
  if (stop === undefined) return { do: 'request-stop' };
  const waited = (time: string) => now - Date.parse(time) >= limits.killDelayMs;
  const lastSignal = stop.forcedAt ?? stop.terminatedAt;
  if (lastSignal !== undefined) {
    return waited(lastSignal) ? { do: 'force' } : moveUnlessThere(view, 'STOPPING');
  }
  if (now >= Date.parse(stop.deadlineAt)) return { do: 'terminate' };
  // A crash between recording the stop and writing its marker leaves no marker.
  return stopMarker ? moveUnlessThere(view, 'STOPPING') : { do: 'request-stop' };
}

/** A driver that gave no sign yet is STARTING; one that gave none lately is UNKNOWN, never a stale green. */
function nextOfLife(view: RunView, { waiting, note }: Life): RunAction {
  const { silentForMs, limits, run } = view;
  if (waiting) return moveUnlessThere(view, 'WAITING', waiting);
  if (silentForMs === undefined) return moveUnlessThere(view, 'STARTING');
  if (silentForMs <= limits.silenceMs) return keepRunning(view, note);
  return moveUnlessThere(view, 'UNKNOWN', {
    code: 'RUN_SILENT',
    parameters: { pipeline: run.pipeline, seconds: Math.round(limits.silenceMs / 1000) },
  });
}

/** One that works; a note on what is wrong around it comes and goes. */
function keepRunning(view: RunView, note: Reason | undefined): RunAction {
  const { state, cause } = view.run;
  if (state === 'RUNNING' && cause?.code === note?.code) return { do: 'none' };
  return { do: 'move', to: 'RUNNING', ...(note ? { why: note } : {}) };
}

function unreachable(why: string): Reason {
  return { code: 'RUN_UNREACHABLE', parameters: { why } };
}

/** A state that stays but has another cause now is a move, too. */
function moveUnlessThere(view: RunView, to: ObservedState, why?: Reason): RunAction {
  const { state, cause } = view.run;
  const hasOtherCause = why !== undefined && cause !== undefined && cause.code !== why.code;
  if (state === to && !hasOtherCause) return { do: 'none' };
  return why ? { do: 'move', to, why } : { do: 'move', to };
}

function endAs(as: 'STOPPED' | 'FAILED', code: ErrorCode, parameters: ErrorParameters): RunAction {
  return { do: 'end', as, why: { code, parameters } };
}
