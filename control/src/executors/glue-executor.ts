import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../durable-file.ts';
import { isPassing } from '../errors/is-passing.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { Storage } from '../storage/storage.ts';
import type { GlueHandle } from '../store/run-handle.ts';
import { applyJobDefinition } from './apply-job-definition.ts';
import type { DriverRequest, Executor, Observation } from './executor.ts';
import type { GlueClients } from './glue-clients.ts';
import type { GlueJobSettings } from './glue-job-definition.ts';
import { readGlueLog } from './glue-log.ts';
import { mayHaveSuccessor, observationOf } from './glue-run-state.ts';
import { findJobRun, type NamedRun, readJobRun } from './glue-runs.ts';
import { awaitJobRun, type StartPatience, startJobRun } from './glue-start-run.ts';
import { planGlueRun } from './plan-glue-run.ts';
import { stopJobRun } from './stop-job-run.ts';
import { uploadScript } from './upload-script.ts';

export interface GlueTools {
  readonly clients: GlueClients;
  readonly storage: Storage;
  readonly settings: GlueJobSettings;
  readonly patience: GluePatience;
  readonly now: () => Date;
}

/** Milliseconds. */
export interface GluePatience extends StartPatience {
  /** How long AWS may take to put another run in the place of one that it ended for its maintenance. */
  readonly restartMs: number;
}

/**
 * Runs drivers as runs of AWS Glue, one job for each pipeline. A run is found again by the run id among its
 * arguments. What was about to be started is noted in the run folder before it is.
 */
export function glueExecutor(tools: GlueTools): Executor {
  const { glue, logs } = tools.clients;
  const launching = new Map<string, Promise<GlueHandle>>();
  return {
    target: 'glue',
    submit: (request) => {
      const launched = launching.get(request.runId) ?? launch(request, tools);
      launching.set(request.runId, launched);
      return launched.finally(() => launching.delete(request.runId));
    },
    find: (runId, runFolder) => findAgain(runId, runFolder, tools),
    observe: (handle) => observe(ours(handle), tools),
    kill: (handle) => stopJobRun(glue, ours(handle)),
    readLog: (handle, from, size) => readGlueLog(logs, ours(handle).jobRunId, { from, size }),
  };
}

async function launch(request: DriverRequest, tools: GlueTools): Promise<GlueHandle> {
  const { clients, storage, settings, patience } = tools;
  const { runId, runFolder } = request;
  const bytes = await readFile(request.jobFile);
  const { jobName, script, definition, ...plan } = planGlueRun(request, bytes, settings);
  const known = await lookForRun(request, jobName, tools);
  if (known) return handleOf(runId, jobName, known.Id);
  await uploadScript(storage, script, bytes);
  await applyJobDefinition(clients.glue, jobName, definition);
  await noteStart(runFolder, { jobName, at: tools.now().toISOString() });
  const start = { jobName, runId, arguments: plan.arguments };
  return handleOf(runId, jobName, await startJobRun(start, { ...clients, patience }));
}

/** When a run may have been started before, failing to look for it must not be taken for "it is not there". */
async function lookForRun(
  { runId, runFolder }: DriverRequest,
  jobName: string,
  { clients }: GlueTools,
): Promise<NamedRun | undefined> {
  try {
    return await findJobRun(clients.glue, jobName, runId);
  } catch (error) {
    if (isPassing(error) || (await readStart(runFolder)) === undefined) throw error;
    const problem = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new SluiceError('GLUE_START_UNSURE', { job: jobName, problem }, { cause: error });
  }
}

/** A run whose start was noted only just now gets the time to show. */
async function findAgain(
  runId: string,
  runFolder: string,
  { clients, patience, now }: GlueTools,
): Promise<GlueHandle | undefined> {
  const noted = await readStart(runFolder);
  if (noted === undefined) return undefined;
  const { jobName, at } = noted;
  const left = Date.parse(at) + patience.settleMs - now().getTime();
  const settleMs = Math.min(Math.max(left, 0), patience.settleMs);
  const run = await awaitJobRun(
    { jobName, runId },
    { glue: clients.glue, patience: { ...patience, settleMs } },
  );
  return run && handleOf(runId, jobName, run.Id);
}

async function observe(handle: GlueHandle, tools: GlueTools): Promise<Observation> {
  try {
    return await look(handle, tools);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const { code, parameters } = error;
    return { kind: 'unreachable', why: error.message, cause: { code, parameters } };
  }
}

async function look(handle: GlueHandle, tools: GlueTools): Promise<Observation> {
  const { jobName, jobRunId, runId } = handle;
  const { glue } = tools.clients;
  const named = await readJobRun(glue, jobName, jobRunId);
  // A run that has just been started may show by one call before it does by the other.
  const run = named ?? (await findJobRun(glue, jobName, runId));
  if (run === undefined) return { kind: 'gone', why: `AWS Glue knows no run ${jobRunId}` };
  const newest = await followRun(run, handle, tools);
  const waiting = { now: tools.now(), patienceMs: tools.patience.restartMs };
  const observation = observationOf(newest, waiting);
  if (observation.kind !== 'running' || newest.Id === jobRunId) return observation;
  return { ...observation, handle: handleOf(runId, jobName, newest.Id) };
}

/** The run that AWS put in the place of one that ended, if it did. */
async function followRun(
  run: NamedRun,
  { jobName, runId }: GlueHandle,
  { clients }: GlueTools,
): Promise<NamedRun> {
  if (!mayHaveSuccessor(run)) return run;
  return (await findJobRun(clients.glue, jobName, runId)) ?? run;
}

const startFile = 'glue-start.json';

interface StartNote {
  readonly jobName: string;
  readonly at: string;
}

async function noteStart(runFolder: string, note: StartNote): Promise<void> {
  await replaceFile(join(runFolder, startFile), JSON.stringify(note));
}

/** What was about to be started, and when; undefined when it never came so far. */
async function readStart(runFolder: string): Promise<StartNote | undefined> {
  try {
    return JSON.parse(await readFile(join(runFolder, startFile), 'utf8')) as StartNote;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function handleOf(runId: string, jobName: string, jobRunId: string): GlueHandle {
  return { target: 'glue', runId, jobName, jobRunId };
}

/** The executors get whatever handle a run has; one of another target here is a fault of ours. */
function ours(handle: { readonly target: string }): GlueHandle {
  if (handle.target === 'glue') return handle as GlueHandle;
  throw new SluiceError('INTERNAL', { problem: `a ${handle.target} run was given to AWS Glue` });
}
