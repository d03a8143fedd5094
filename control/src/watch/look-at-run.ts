import { isPassing } from '../errors/is-passing.ts';
import type { Reason } from '../errors/reason.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { Executor, Observation } from '../executors/executor.ts';
import type { RunRecord } from '../store/run-store.ts';
import { type JobSigns, readSigns } from './job-signs.ts';
import { limitsOfRun } from './limits-of-run.ts';
import { findEvidence, makeCause, showsSharedCheckpoint } from './make-cause.ts';
import { type RunAction, reconcile } from './reconcile.ts';
import { killRun, requestStop } from './request-stop.ts';
import { planRestart } from './restart-runs.ts';
import type { WatchTools } from './watch-tools.ts';

/** How long a job has given no new sign; undefined when it gave none yet. */
export type Silence = (signs: JobSigns) => number | undefined;

/** Looks at one run once and does the one thing that follows. Returns true when the driver was seen. */
export async function lookAtRun(
  run: RunRecord,
  silence: Silence,
  tools: WatchTools,
): Promise<boolean> {
  const observation = run.handle && (await executorOf(run, tools).observe(run.handle));
  keepNewHandle(run, observation, tools);
  const { blind, ...signs } = await lookAtSigns(run, tools);
  const silentForMs = silence(signs);
  const action = reconcile({
    desired: tools.store.pipeline(run.pipeline)?.desired ?? 'STOPPED',
    run,
    ...(observation ? { observation } : {}),
    ...(silentForMs === undefined ? {} : { silentForMs }),
    ...(signs.end ? { end: signs.end } : {}),
    stopMarker: signs.stopMarker,
    now: tools.now().getTime(),
    ...(blind ? { blind } : {}),
    limits: limitsOfRun(run, tools.limits),
  });
  await perform(action, { run, signs }, tools);
  return observation !== undefined && observation.kind !== 'unreachable';
}

interface SeenSigns extends JobSigns {
  /** Why they could not be read. */
  readonly blind?: Reason;
}

async function lookAtSigns(
  { controlFolder, id }: RunRecord,
  tools: WatchTools,
): Promise<SeenSigns> {
  try {
    return await readSigns({ storage: tools.storage, folder: controlFolder, runId: id });
  } catch (error) {
    return { stopMarker: false, blind: reasonOf(error) };
  }
}

function reasonOf(error: unknown): Reason {
  if (error instanceof SluiceError) return { code: error.code, parameters: error.parameters };
  return { code: 'RUN_UNREACHABLE', parameters: { why: String(error) } };
}

function executorOf({ target }: RunRecord, tools: WatchTools): Executor {
  return tools.executors[target];
}

/** A driver may go on under another name: AWS restarts long runs. */
function keepNewHandle(run: RunRecord, seen: Observation | undefined, tools: WatchTools): void {
  if (seen?.kind !== 'running' || seen.handle === undefined) return;
  tools.store.recordHandle(run.id, seen.handle, tools.now().toISOString());
}

interface Seen {
  readonly run: RunRecord;
  readonly signs: JobSigns;
}

async function perform(action: RunAction, seen: Seen, tools: WatchTools): Promise<void> {
  const { run } = seen;
  if (action.do !== 'none') tools.report('info', `run ${action.do}`, { run: run.id, ...action });
  switch (action.do) {
    case 'none':
      return;
    case 'launch':
      return launch(seen, tools);
    case 'find-or-end':
      return findOrEnd(seen, tools);
    case 'request-stop':
      return requestStop(run, tools);
    case 'terminate':
    case 'force':
      return killRun(run, action.do, tools);
    case 'move':
      return move(action, run, tools);
    case 'end':
      return end(action, seen, tools);
  }
}

async function launch(seen: Seen, tools: WatchTools): Promise<void> {
  try {
    await tools.launch(seen.run);
  } catch (error) {
    // The store being unwritable says nothing about the driver: this is tried again at the next look.
    if (error instanceof SluiceError && error.code.startsWith('STATE_')) throw error;
    if (isPassing(error)) return doubt(error, seen.run, tools);
    await end({ do: 'end', as: 'FAILED', why: whyNotStarted(error) }, seen, tools);
  }
}

function whyNotStarted(error: unknown): Reason {
  if (error instanceof SluiceError) return { code: error.code, parameters: error.parameters };
  const problem = error instanceof Error ? error.message : String(error);
  return { code: 'RUN_NOT_STARTED', parameters: { problem } };
}

/** The driver may be there or not: nothing is ended, and the next look tries the same again. */
async function doubt(error: SluiceError, run: RunRecord, tools: WatchTools): Promise<void> {
  const { code, parameters } = error;
  if (run.state === 'UNKNOWN' && run.cause?.code === code) return;
  await move({ do: 'move', to: 'UNKNOWN', why: { code, parameters } }, run, tools);
}

async function findOrEnd(seen: Seen, tools: WatchTools): Promise<void> {
  const { run } = seen;
  try {
    const handle = await executorOf(run, tools).find(run.id, tools.runFolder(run));
    if (handle) {
      tools.store.recordHandle(run.id, handle, tools.now().toISOString());
      return;
    }
  } catch (error) {
    if (isPassing(error)) return doubt(error, run, tools);
    throw error;
  }
  const why: Reason = { code: 'RUN_NEVER_STARTED', parameters: {} };
  await end({ do: 'end', as: 'STOPPED', why }, seen, tools);
}

async function move(
  action: Extract<RunAction, { do: 'move' }>,
  run: RunRecord,
  tools: WatchTools,
): Promise<void> {
  const at = tools.now().toISOString();
  tools.store.recordMove(run.id, {
    state: action.to,
    at,
    seenAt: at,
    ...(action.why ? { cause: makeCause(action.why) } : {}),
  });
}

async function end(
  action: Extract<RunAction, { do: 'end' }>,
  { run, signs }: Seen,
  tools: WatchTools,
): Promise<void> {
  // Nothing of the driver may stay behind: its JVM can outlive the process that was seen to end.
  const executor = executorOf(run, tools);
  if (run.handle) await executor.kill(run.handle, 'force');
  const lastSigns = await lookAtSigns(run, tools);
  const failed = action.as === 'FAILED';
  // A log that cannot be read must not keep the run from having ended.
  const evidence = failed
    ? await findEvidence(run, executor, lastSigns.end).catch(() => undefined)
    : undefined;
  const shared = showsSharedCheckpoint(`${evidence} ${lastSigns.end?.message}`);
  const why: Reason =
    action.why.code === 'RUN_FAILED' && shared
      ? { code: 'CHECKPOINT_SHARED', parameters: {} }
      : action.why;
  const batch = lastSigns.end?.batch ?? lastSigns.progress?.batch ?? signs.progress?.batch;
  const at = tools.now().toISOString();
  const recorded = { state: action.as, cause: makeCause(why, evidence) };
  tools.store.recordMove(run.id, {
    ...planRestart(run, recorded, tools),
    at,
    seenAt: at,
    ended: true,
    ...(typeof batch === 'number' ? { lastBatch: batch } : {}),
  });
}
