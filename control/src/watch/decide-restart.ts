import type { ErrorCode } from '../errors/catalogue.ts';
import type { RestartClause } from '../spec/pipeline.ts';
import type { DesiredState } from '../store/run-state.ts';
import type { RestartPlan } from '../store/run-store.ts';

/** Everything the decision depends on. Times are milliseconds since the epoch. */
export interface EndedRun {
  readonly desired: DesiredState;
  /** Why it ended. */
  readonly cause: ErrorCode;
  /** What the spec says; absent: only what went with its machine is started again. */
  readonly clause?: RestartClause;
  /** When earlier runs failed that others followed. */
  readonly failures: readonly number[];
  readonly now: number;
  /** From 0 to 1, so that many pipelines that failed together do not start together. */
  readonly chance: number;
}

export type RestartDecision =
  | { readonly do: 'none' }
  | { readonly do: 'restart'; readonly plan: RestartPlan }
  | { readonly do: 'give-up'; readonly count: number; readonly minutes: number };

/** What may be gone at the next start. A lease that others hold, a checkpoint or a spec is mended by people. */
const passing: readonly ErrorCode[] = [
  'RUN_LOST',
  'RUN_VANISHED',
  'RUN_KILLED',
  'RUN_FAILED',
  'RUN_ENDED_UNASKED',
  'CLUSTER_UNREACHABLE',
];

/** For a pipeline whose spec says nothing. */
const usual: RestartClause = { onFailure: 5, withinMs: 600_000 };
const firstDelayMs = 1000;
const longestDelayMs = 60_000;

/** Whether another run follows one that has ended, and when. Pure. */
export function decideRestart(run: EndedRun): RestartDecision {
  const { desired, cause, clause, failures, now, chance } = run;
  if (desired === 'STOPPED') return { do: 'none' };
  if (cause === 'RUN_PAUSED') return { do: 'restart', plan: planAt(0, now) };
  if (clause === undefined ? cause !== 'RUN_LOST' : !passing.includes(cause)) return { do: 'none' };
  const { onFailure, withinMs } = clause ?? usual;
  const count = 1 + failures.filter((at) => now - at < withinMs).length;
  if (onFailure === 0) return { do: 'none' };
  if (count > onFailure) return { do: 'give-up', count, minutes: Math.ceil(withinMs / 60_000) };
  const delayMs = Math.min(firstDelayMs * 2 ** (count - 1), longestDelayMs);
  return { do: 'restart', plan: planAt(count, now + delayMs * (0.5 + chance / 2)) };
}

function planAt(number: number, at: number): RestartPlan {
  return { number, at: new Date(at).toISOString() };
}
