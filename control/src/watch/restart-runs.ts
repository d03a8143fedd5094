import type { ErrorCode } from '../errors/catalogue.ts';
import { isPassing } from '../errors/is-passing.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { Cause } from '../store/run-state.ts';
import type { RestartPlan, RunRecord } from '../store/run-store.ts';
import { decideRestart } from './decide-restart.ts';
import { makeCause } from './make-cause.ts';
import type { WatchTools } from './watch-tools.ts';

/** So many of its runs are looked through for failures; a clause allows fewer. */
const runsToSearch = 200;
const tryAgainMs = 5000;

/** What is recorded of a run that ends: its cause, and when the next one starts. */
export interface RecordedEnd {
  readonly state: 'STOPPED' | 'FAILED';
  readonly cause: Cause;
  readonly restart?: RestartPlan;
}

/** Decides what follows a run that ends now. */
export function planRestart(run: RunRecord, end: RecordedEnd, tools: WatchTools): RecordedEnd {
  const { store, now, restartClause } = tools;
  const clause = restartClause(run.pipeline);
  const decision = decideRestart({
    desired: store.pipeline(run.pipeline)?.desired ?? 'STOPPED',
    cause: end.cause.code as ErrorCode,
    ...(clause ? { clause } : {}),
    failures: failuresBefore(run, tools),
    now: now().getTime(),
    chance: Math.random(),
  });
  if (decision.do === 'none') return end;
  if (decision.do === 'restart') return { ...end, restart: decision.plan };
  const { count, minutes } = decision;
  const { sentence: last, evidence } = end.cause;
  const parameters = { count, minutes, last, pipeline: run.pipeline };
  return { ...end, cause: makeCause({ code: 'RUN_CRASH_LOOP', parameters }, evidence) };
}

function failuresBefore({ pipeline, id }: RunRecord, { store }: WatchTools): readonly number[] {
  return store
    .runs(pipeline, { from: 0, size: runsToSearch })
    .items.filter((run) => run.id !== id && (run.restart?.number ?? 0) > 0)
    .map(({ endedAt }) => Date.parse(endedAt ?? ''));
}

/** Starts the next run when it is due: its intent is written as for any start. */
export async function restartRun(run: RunRecord, tools: WatchTools): Promise<void> {
  const { restart } = run;
  if (restart === undefined || Date.parse(restart.at) > tools.now().getTime()) return;
  tools.report('info', 'run restart', { run: run.id, ...restart });
  try {
    await tools.restart(run.pipeline);
  } catch (error) {
    tools.store.recordRestart(
      run.id,
      whatFollows(error, restart, tools),
      tools.now().toISOString(),
    );
    tools.report('warn', 'a restart was refused', { run: run.id, error: String(error) });
  }
}

/** What passes by itself is tried again; any other refusal needs people. */
function whatFollows(error: unknown, plan: RestartPlan, { now }: WatchTools): RestartPlan | Cause {
  const isRefusal = error instanceof SluiceError && !error.code.startsWith('STATE_');
  if (isRefusal && !isPassing(error)) return makeCause(error);
  return { ...plan, at: new Date(now().getTime() + tryAgainMs).toISOString() };
}
