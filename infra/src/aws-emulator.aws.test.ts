import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  GetJobCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
  UpdateJobCommand,
} from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from './aws-emulator.ts';

const runtimeFile = join(import.meta.dirname, '../../.sluice/runtime.json');
const script = join(import.meta.dirname, '../test/fixtures/glue-script.py');
const DEADLINE_MS = 120_000;

let folder: string;
let emulator: AwsEmulator;
let glue: GlueClient;
let s3: S3Client;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-emulator-'));
  emulator = await startAwsEmulator({ folder, runtimeFile });
  const { endpoint } = emulator;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 };
  glue = new GlueClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  logs = new CloudWatchLogsClient(settings);
  await s3.send(new CreateBucketCommand({ Bucket: 'jobs' }));
  await put('script.py', await readFile(script, 'utf8'));
  await glue.send(
    new CreateJobCommand({
      Name: 'small',
      Role: 'arn:aws:iam::000000000000:role/none',
      Command: { Name: 'gluestreaming', ScriptLocation: 's3://jobs/script.py' },
      DefaultArguments: {
        '--behaviour': 'write',
        '--conf': 'spark.sql.session.timeZone=UTC --conf spark.test.second=yes',
      },
    }),
  );
});

afterAll(async () => {
  await emulator?.stop();
  for (const client of [glue, s3, logs]) client?.destroy();
  await rm(folder, { recursive: true, force: true });
});

it('a run does the work of its script on S3, and what it prints comes to CloudWatch Logs', async () => {
  const runId = await start({ '--output': 's3://jobs/output', '--word': 'two words' });
  expect(['STARTING', 'RUNNING']).toContain((await describeRun(runId)).JobRunState);
  await expect(start({})).rejects.toThrow(
    expect.objectContaining({ name: 'ConcurrentRunsExceededException' }),
  );
  expect(await waitForEnd(runId)).toMatchObject({ JobRunState: 'SUCCEEDED', Attempt: 0 });
  const output = await linesOf('/aws-glue/jobs/output', runId);
  expect(output[0]).toContain("'--word': 'two words'");
  expect(output[0]).toContain(`'--JOB_RUN_ID': '${runId}'`);
  expect(output).toContain('wrote with UTC and yes');
  expect(await linesOf('/aws-glue/jobs/error', runId)).toContain('a warning of Java');
  expect(await readPart('output/')).toBe('0\n1\n2\n');
});

it('a run whose script fails is FAILED, and says why in the words of the script', async () => {
  const runId = await start({ '--behaviour': 'fail' });
  expect(await waitForEnd(runId)).toMatchObject({
    JobRunState: 'FAILED',
    ErrorMessage: 'ValueError: the price of nothing',
  });
});

it('a run that is stopped is STOPPING, then STOPPED, and leaves no process', async () => {
  const runId = await start({ '--behaviour': 'wait' });
  await waitUntil('the script', async () =>
    (await linesOf('/aws-glue/jobs/output', runId)).includes('waiting'),
  );
  expect(processesOf(runId)).not.toBe('');
  const answer = await glue.send(
    new BatchStopJobRunCommand({ JobName: 'small', JobRunIds: [runId, 'jr_nobody'] }),
  );
  expect(answer.SuccessfulSubmissions).toEqual([{ JobName: 'small', JobRunId: runId }]);
  expect(answer.Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode)).toEqual([
    'EntityNotFoundException',
  ]);
  expect((await describeRun(runId)).JobRunState).toBe('STOPPING');
  expect((await waitForEnd(runId)).JobRunState).toBe('STOPPED');
  expect(processesOf(runId)).toBe('');
});

it('a run without its script is FAILED by the name of what is missing, and retried as asked', async () => {
  const Command = { Name: 'gluestreaming', ScriptLocation: 's3://jobs/absent.py' };
  await glue.send(new CreateJobCommand({ Name: 'lost', Role: 'none', Command, MaxRetries: 1 }));
  const { JobRunId = '' } = await glue.send(new StartJobRunCommand({ JobName: 'lost' }));
  expect(await waitForEnd(JobRunId, 'lost')).toMatchObject({
    JobRunState: 'FAILED',
    ErrorMessage: expect.stringContaining('bucket: jobs, key: absent.py'),
  });
  const retry = await waitForEnd(`${JobRunId}_attempt_1`, 'lost');
  expect(retry).toMatchObject({ JobRunState: 'FAILED', Attempt: 1, PreviousRunId: JobRunId });
  expect(await listRuns('lost')).toHaveLength(2);
});

it('an update of a job replaces the whole definition, and a queued run waits for its place', async () => {
  const Command = { Name: 'gluestreaming', ScriptLocation: 's3://jobs/script.py' };
  await glue.send(new CreateJobCommand({ Name: 'queue', Role: 'a', Command, Description: 'old' }));
  const JobUpdate = {
    Role: 'b',
    Command,
    JobRunQueuingEnabled: true,
    ExecutionProperty: { MaxConcurrentRuns: 0 },
  };
  await glue.send(new UpdateJobCommand({ JobName: 'queue', JobUpdate }));
  const { Job } = await glue.send(new GetJobCommand({ JobName: 'queue' }));
  expect(Job).toMatchObject({ Role: 'b', ExecutionProperty: { MaxConcurrentRuns: 0 } });
  expect(Job?.Description).toBeUndefined();
  const { JobRunId = '' } = await glue.send(new StartJobRunCommand({ JobName: 'queue' }));
  expect((await describeRun(JobRunId, 'queue')).JobRunState).toBe('WAITING');
  await glue.send(new BatchStopJobRunCommand({ JobName: 'queue', JobRunIds: [JobRunId] }));
  expect((await describeRun(JobRunId, 'queue')).JobRunState).toBe('STOPPED');
});

it('maintenance makes a run EXPIRED and goes on under a new id; a killed emulator takes it along', async () => {
  const runId = await start({ '--behaviour': 'wait' });
  await waitUntil('RUNNING', async () => (await describeRun(runId)).JobRunState === 'RUNNING');
  await ask('/_glue/restart', { JobName: 'small', RunId: runId });
  expect((await waitForEnd(runId)).JobRunState).toBe('EXPIRED');
  const next = `${runId}_restart_1`;
  await waitUntil('the script', async () =>
    (await linesOf('/aws-glue/jobs/output', next)).includes('waiting'),
  );
  expect((await describeRun(next)).JobRunState).toBe('RUNNING');
  expect((await listRuns()).map(({ Id }) => Id).slice(0, 2)).toEqual([next, runId]);
  expect(processesOf(next)).not.toBe('');
  process.kill(emulator.pid, 'SIGKILL');
  await waitUntil('no process', async () => processesOf(next) === '');
});

async function start(given: Record<string, string>): Promise<string> {
  const command = new StartJobRunCommand({ JobName: 'small', Arguments: given });
  return (await glue.send(command)).JobRunId ?? '';
}

async function describeRun(runId: string, job = 'small'): Promise<JobRun> {
  const command = new GetJobRunCommand({ JobName: job, RunId: runId });
  return (await glue.send(command)).JobRun ?? {};
}

async function listRuns(job = 'small'): Promise<readonly JobRun[]> {
  return (await glue.send(new GetJobRunsCommand({ JobName: job }))).JobRuns ?? [];
}

async function waitForEnd(runId: string, job?: string): Promise<JobRun> {
  const ends = ['SUCCEEDED', 'FAILED', 'STOPPED', 'EXPIRED'];
  let run: JobRun = {};
  await waitUntil(`the end of ${runId}`, async () => {
    run = (await listRuns(job)).find(({ Id }) => Id === runId) ?? {};
    return ends.includes(run.JobRunState ?? '');
  });
  return run;
}

async function linesOf(group: string, runId: string): Promise<readonly string[]> {
  const command = new GetLogEventsCommand({
    logGroupName: group,
    logStreamName: runId,
    startFromHead: true,
  });
  const { events = [] } = await logs.send(command);
  return events.map(({ message = '' }) => message);
}

function processesOf(runId: string): string {
  const all = execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' });
  const lines = all.split('\n').filter((line) => line.includes(`--JOB_RUN_ID ${runId}`));
  return lines.join('\n');
}

async function put(key: string, body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'jobs', Key: key, Body: body }));
}

async function read(key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'jobs', Key: key }));
  return (await Body?.transformToString()) ?? '';
}

async function readPart(prefix: string): Promise<string> {
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'jobs', Prefix: prefix }));
  const part = listed.Contents?.find(({ Key = '' }) => Key.endsWith('.csv'));
  return await read(part?.Key ?? '');
}

async function ask(path: string, wanted: object): Promise<void> {
  const request = { method: 'POST', body: JSON.stringify(wanted) };
  const answer = await fetch(`${emulator.endpoint}${path}`, request);
  if (!answer.ok) throw new Error(await answer.text());
}

async function waitUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await sleep(100);
  }
}
