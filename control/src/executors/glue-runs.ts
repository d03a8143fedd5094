import {
  GetJobRunCommand,
  GetJobRunsCommand,
  type GlueClient,
  type JobRun,
} from '@aws-sdk/client-glue';
import { askGlueFor } from './ask-glue.ts';
import { mayRun } from './glue-run-state.ts';

/** A run that AWS names, as it must be to be followed. */
export type NamedRun = JobRun & { readonly Id: string };

/** AWS keeps runs for 90 days; a job that was started more often than this in that time is not searched further. */
const mostPages = 100;

/** The runs of a job, as AWS lists them: newest first. None when there is no such job. Throws the AWS_ errors. */
export async function* listJobRuns(glue: GlueClient, jobName: string): AsyncGenerator<NamedRun> {
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const command = new GetJobRunsCommand({ JobName: jobName, MaxResults: 200, NextToken: token });
    const answer = await askGlueFor(`GetJobRuns ${jobName}`, glue.send(command));
    for (const run of answer?.JobRuns ?? []) if (isNamed(run)) yield run;
    token = answer?.NextToken;
    if (token === undefined || token === '') return;
  }
}

/** One run; undefined when AWS does not know it (any more). Throws the AWS_ errors. */
export async function readJobRun(
  glue: GlueClient,
  jobName: string,
  jobRunId: string,
): Promise<NamedRun | undefined> {
  const command = new GetJobRunCommand({ JobName: jobName, RunId: jobRunId });
  const answer = await askGlueFor(`GetJobRun ${jobRunId}`, glue.send(command));
  const run = answer?.JobRun;
  return run && isNamed(run) ? run : undefined;
}

/**
 * The run of AWS that carries a run id of ours in its arguments. There may be several, when AWS retried it or put
 * another in its place: then one that still works, else the last.
 */
export async function findJobRun(
  glue: GlueClient,
  jobName: string,
  runId: string,
): Promise<NamedRun | undefined> {
  const own: NamedRun[] = [];
  for await (const run of listJobRuns(glue, jobName)) {
    if (run.Arguments?.['--run-id'] === runId) own.push(run);
  }
  return own.sort(byAge).find(mayRun) ?? own[0];
}

/** A run of the job that may still be working and is not ours. */
export async function findRival(
  glue: GlueClient,
  jobName: string,
  runId: string,
): Promise<NamedRun | undefined> {
  for await (const run of listJobRuns(glue, jobName)) {
    if (mayRun(run) && run.Arguments?.['--run-id'] !== runId) return run;
  }
  return undefined;
}

/** Newest first; runs of one moment by the numbers AWS appends (`_attempt_2`, `_restart_1`). */
function byAge(one: NamedRun, other: NamedRun): number {
  const started = ({ StartedOn }: NamedRun) => StartedOn?.getTime() ?? 0;
  return started(other) - started(one) || other.Id.localeCompare(one.Id, 'en', { numeric: true });
}

function isNamed(run: JobRun): run is NamedRun {
  return run.Id !== undefined;
}
