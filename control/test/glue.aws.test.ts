import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetJobRunsCommand, GlueClient, type JobRun } from '@aws-sdk/client-glue';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../../infra/src/aws-emulator.ts';
import { objectStorageWords, requireS3aJars } from '../src/executors/object-storage-access.ts';
import { readRuntime } from '../src/executors/runtime.ts';
import { openS3 } from '../src/storage/s3-client.ts';
import { projectRoot } from './architecture/project-files.ts';
import { takeAwsVariables } from './fixtures/glue-stage.ts';
import {
  endServiceProcess,
  type ServiceProcess,
  startServiceProcess,
} from './fixtures/service-process.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/*
 * A pipeline on AWS Glue, as the emulator runs it: by the real Spark, on the emulator's S3. The steps build on each
 * other. Two runs on one checkpoint used to end a stream late, and with work done twice.
 */

const spec = `pipeline: ticks
source: { rate: { rows-per-second: 20 } }
sink: { csv: { path: data/ticks } }
trigger: 1 second
`;
const pipeline = '/api/v1/pipelines/ticks';
const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const slow = 150_000;

describe('a pipeline on AWS Glue', () => {
  let emulator: AwsEmulator;
  let first: TestService;
  let second: TestService;
  let service: ServiceProcess;
  let bare: ChildProcess | undefined;
  let folder: string;
  let giveBack: () => void;
  let glue: GlueClient;

  beforeAll(async () => {
    giveBack = takeAwsVariables();
    folder = mkdtempSync(join(tmpdir(), 'sluice-aws-'));
    emulator = await startAwsEmulator({ folder, runtimeFile });
    const settings = {
      ...emulator.environment,
      SLUICE_RUNTIME: runtimeFile,
      SLUICE_GLUE_FOLDER: 's3://lake/work',
      SLUICE_GLUE_ROLE: 'sluice-job',
      SLUICE_OBJECT_POLL_SECONDS: '0.5',
    };
    first = new TestService(settings);
    second = new TestService(settings);
    for (const each of [first, second]) mkdirSync(join(each.folder, 'work'));
    Object.assign(process.env, emulator.environment);
    const aws = { region: 'us-east-1', endpoint: emulator.endpoint };
    await openS3(aws).send(new CreateBucketCommand({ Bucket: 'lake' }));
    glue = new GlueClient(aws);
    service = await startServiceProcess(first.environment);
  }, slow);
  afterAll(async () => {
    bare?.kill('SIGKILL');
    if (service) await endServiceProcess(service, 'SIGKILL');
    await emulator?.stop();
    await first?.dispose();
    await second?.dispose();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    giveBack();
  });

  it('has one run there when the answer to its start is lost, and its batches are seen', async () => {
    expect((await call('PUT', '?target=glue')).status).toBe(201);
    const fault = { fault: 'lost-answer', service: 'glue', action: 'StartJobRun' };
    await fetch(`${emulator.endpoint}/_faults`, request('POST', JSON.stringify(fault)));
    expect((await call('POST', '/start')).status).toBe(202);
    const { progress } = await reach('RUNNING', (status) => status.progress !== undefined);
    expect(progress.totals.rows).toBeGreaterThanOrEqual(0);
    expect(await runs()).toHaveLength(1);
  });

  it('is refused to a second service with another database, by the name of its run and since when', async () => {
    const { run } = await status();
    const other = await startServiceProcess(second.environment);
    try {
      await fetch(`${other.url}${pipeline}?target=glue`, request('PUT', spec));
      const refused = await fetch(`${other.url}${pipeline}/start`, request('POST'));
      expect(await refused.json()).toMatchObject({
        ...{ status: 409, code: 'LEASE_HELD' },
        detail: expect.stringMatching(new RegExp(`${run.id} of ticks.*since \\d{4}-`)),
      });
    } finally {
      await endServiceProcess(other, 'SIGKILL');
    }
    expect(await runs()).toHaveLength(1);
  });

  it('is refused to the same job by bare spark-submit, and the run goes on', async () => {
    const { run, progress } = await status();
    const code = await fetch(`${service.url}${pipeline}/code`);
    const log = await runBare(await code.text());
    expect(bare?.exitCode, log.slice(-2000)).toBe(77);
    expect(log).toContain(`refused: the checkpoint is in use by ${run.id} of ticks`);
    await reach('RUNNING', (now) => now.progress.batch > progress.batch);
  });

  it('is started twice and has one run', async () => {
    const { run } = await status();
    const again = JSON.parse(await (await call('POST', '/start')).text());
    expect(again.id).toBe(run.id);
    expect(await runs()).toHaveLength(1);
  });

  it('is adopted by the service that follows one that was killed -9, which starts nothing', async () => {
    const before = await status();
    await endServiceProcess(service, 'SIGKILL');
    service = await startServiceProcess(first.environment);
    const after = await reach('RUNNING', (now) => now.progress?.batch > before.progress.batch);
    expect(after.run).toMatchObject({ id: before.run.id, attempt: 1 });
    expect(await runs()).toHaveLength(1);
  });

  it('is followed into the run that AWS puts in its place for maintenance', async () => {
    const before = await status();
    const [old] = await runs();
    await fetch(`${emulator.endpoint}/_glue/restart`, {
      method: 'POST',
      body: JSON.stringify({ JobName: 'sluice-ticks', RunId: old?.Id }),
    });
    const after = await reach('RUNNING', (now) => now.progress?.batch > before.progress.batch + 1);
    expect(after.run.id).toBe(before.run.id);
    expect((await runs()).map(({ JobRunState }) => JobRunState)).toEqual(['RUNNING', 'EXPIRED']);
  });

  it('has a log', async () => {
    const { run } = await status();
    const answer = await fetch(`${service.url}/api/v1/runs/${run.id}/log`);
    expect(JSON.parse(await answer.text()).total).toBeGreaterThan(0);
  });

  it('ends after a whole batch by its marker, and AWS was not asked to stop it', async () => {
    expect((await call('POST', '/stop')).status).toBe(202);
    const { run } = await reach('STOPPED');
    expect(run.stop.way).toBe('marker');
    expect((await runs())[0]?.JobRunState).toBe('SUCCEEDED');
  });

  async function status() {
    return JSON.parse(await (await call('GET', '/status')).text());
  }

  function reach(state: string, holds = (_: Awaited<ReturnType<typeof status>>) => true) {
    const seen = async () => {
      const now = await status();
      if (now.observed.state === 'FAILED' && state !== 'FAILED') {
        throw new Error(JSON.stringify(now.observed.cause));
      }
      return now.observed.state === state && holds(now) ? now : undefined;
    };
    return waitUntil(state, seen, slow);
  }

  function call(method: string, rest: string): Promise<Response> {
    return fetch(
      `${service.url}${pipeline}${rest}`,
      request(method, method === 'PUT' ? spec : undefined),
    );
  }

  async function runs(): Promise<readonly JobRun[]> {
    const answer = await glue.send(new GetJobRunsCommand({ JobName: 'sluice-ticks' }));
    return answer.JobRuns ?? [];
  }

  async function runBare(job: string): Promise<string> {
    const runtime = readRuntime(runtimeFile);
    const file = join(first.folder, 'job.py');
    writeFileSync(file, job);
    const aws = { region: 'us-east-1', endpoint: emulator.endpoint };
    const words = objectStorageWords({ objectStorage: true }, aws);
    const options = ['--master', 'local[1]', '--driver-memory', '1g'];
    const jars = ['--jars', requireS3aJars(runtime).join(',')];
    const given = ['--run-id', 'bare', '--folder', 's3a://lake/work'];
    bare = spawn(runtime.spark.submit, [...options, ...jars, ...words, file, ...given], {
      env: {
        ...emulator.environment,
        PATH: `${join(runtime.python, '..')}:${process.env.PATH}`,
        JAVA_HOME: runtime.java.home ?? join(runtime.java.command, '../..'),
        SPARK_LOCAL_IP: '127.0.0.1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [bare.stdout, bare.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        log += chunk.toString();
      });
    }
    await once(bare, 'close');
    return log;
  }
});

function request(method: string, body?: string): RequestInit {
  return body === undefined
    ? { method }
    : { method, body, headers: { 'content-type': 'application/yaml' } };
}
