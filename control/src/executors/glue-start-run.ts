import { setTimeout as pause } from 'node:timers/promises';
import {
  ConcurrentRunsExceededException,
  type GlueClient,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { isPassing } from '../errors/is-passing.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { explainAwsError } from '../storage/explain-aws-error.ts';
import { findJobRun, findRival, type NamedRun } from './glue-runs.ts';

/** One run to start. */
export interface GlueStart {
  readonly jobName: string;
  /** Also among the arguments: the token by which the run is found again. */
  readonly runId: string;
  readonly arguments: Record<string, string>;
}

export interface StartTools {
  readonly glue: GlueClient;
  /** Sends each request once: a StartJobRun that the SDK repeats may start twice. */
  readonly starter: GlueClient;
  readonly patience: StartPatience;
}

/** Milliseconds. */
export interface StartPatience {
  /** How long a run may take to show in the list after an answer was lost. */
  readonly settleMs: number;
  /** Between two looks at the list, and the first wait when AWS asks for fewer requests. */
  readonly pauseMs: number;
}

const mostStarts = 2;
const mostThrottles = 5;

/**
 * Starts a run and returns how AWS names it. An answer that got lost is never answered by another start, but by
 * looking for the run; only when none shows for the whole of `settleMs` one more is started, and the job's limit
 * of one concurrent run keeps even that from being a second one. Throws LEASE_HELD when another run of the job
 * works, GLUE_START_UNSURE and the AWS_ errors.
 */
export async function startJobRun(start: GlueStart, tools: StartTools): Promise<string> {
  let problem = '';
  for (let count = 0; count < mostStarts; count += 1) {
    const answer = await askOnce(start, tools);
    if ('id' in answer) return answer.id;
    if (answer.busy) await refuseRival(start, tools);
    const found = await awaitOrDoubt(start, tools);
    if (found !== undefined) return found.Id;
    if (answer.busy) throw heldBy(undefined, start);
    problem = answer.problem;
  }
  throw new SluiceError('GLUE_START_UNSURE', { job: start.jobName, problem });
}

type StartAnswer =
  | { readonly id: string }
  /** It is not known whether a run was started (lost), or one is in the way, perhaps our own (busy). */
  | { readonly busy: boolean; readonly problem: string };

async function askOnce(start: GlueStart, tools: StartTools): Promise<StartAnswer> {
  const { jobName, arguments: given } = start;
  for (let throttles = 0; ; throttles += 1) {
    try {
      const command = new StartJobRunCommand({ JobName: jobName, Arguments: given });
      const { JobRunId } = await tools.starter.send(command);
      if (JobRunId) return { id: JobRunId };
      return { busy: false, problem: 'the answer names no run' };
    } catch (error) {
      const answer = judgeRefusal(error, jobName);
      if (answer !== 'throttled') return answer;
      if (throttles === mostThrottles) throw explainStart(error, jobName);
      await pause(tools.patience.pauseMs * 2 ** throttles * (0.5 + Math.random()));
    }
  }
}

/** Throttled: nothing was started, so the same may be asked again. Throws what was surely refused, or never sent. */
function judgeRefusal(error: unknown, jobName: string): StartAnswer | 'throttled' {
  if (error instanceof ConcurrentRunsExceededException) return { busy: true, problem: '' };
  const explained = explainStart(error, jobName);
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  if (explained.code === 'AWS_THROTTLED' && status < 500) return 'throttled';
  const wasSent = !explained.code.startsWith('AWS_CREDENTIALS');
  if (wasSent && (status === 0 || status >= 500)) return { busy: false, problem: reasonIn(error) };
  throw explained;
}

function explainStart(error: unknown, jobName: string): SluiceError {
  return explainAwsError(error, { service: 'Glue', what: `StartJobRun ${jobName}` });
}

function reasonIn(error: unknown): string {
  const { name, message } = error as Error;
  if (error instanceof SluiceError) return message.replace(/[.\s]+$/, '');
  return `${name}, ${message}`.replace(/[.\s]+$/, '');
}

/** As long as the runs cannot be listed it is not known whether there is one. */
async function awaitOrDoubt(start: GlueStart, tools: StartTools): Promise<NamedRun | undefined> {
  try {
    return await awaitJobRun(start, tools);
  } catch (error) {
    if (isPassing(error)) throw error;
    const problem = reasonIn(error);
    throw new SluiceError('GLUE_START_UNSURE', { job: start.jobName, problem }, { cause: error });
  }
}

/** Looks for the run until it shows or `settleMs` are over. The last look is after the whole time. */
export async function awaitJobRun(
  { jobName, runId }: Pick<GlueStart, 'jobName' | 'runId'>,
  { glue, patience }: Pick<StartTools, 'glue' | 'patience'>,
): Promise<NamedRun | undefined> {
  const end = performance.now() + patience.settleMs;
  for (;;) {
    const isLast = performance.now() >= end;
    const found = await findJobRun(glue, jobName, runId);
    if (found || isLast) return found;
    await pause(patience.pauseMs);
  }
}

/** A rival that works leaves no room for a run of ours, so nothing needs to be waited for. */
async function refuseRival(start: GlueStart, { glue }: StartTools): Promise<void> {
  if (await findJobRun(glue, start.jobName, start.runId)) return;
  const rival = await findRival(glue, start.jobName, start.runId);
  if (rival) throw heldBy(rival, start);
}

function heldBy(rival: NamedRun | undefined, { jobName }: GlueStart): SluiceError {
  const token = rival?.Arguments?.['--run-id'];
  const name = rival ? `the run ${rival.Id}${token ? ` (${token})` : ''}` : 'another run';
  const since = rival?.StartedOn?.toISOString() ?? 'an unknown time';
  return new SluiceError('LEASE_HELD', { holder: `${name} of the Glue job ${jobName}`, since });
}
