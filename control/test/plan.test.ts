import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlanPreview } from '../src/pipeline/preview-pipeline.ts';
import { AwsStandIn } from './fixtures/aws-stand-in.ts';
import { glueEnvironment, newestRun } from './fixtures/glue-signs.ts';
import { sampleSpec } from './fixtures/sample-spec.ts';
import {
  endServiceProcess,
  runCli,
  type ServiceProcess,
  startServiceProcess,
} from './fixtures/service-process.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/** In ms. Processes on a busy machine take their time. */
const patience = 40_000;

let aws: AwsStandIn;
let it: TestService;
let spec: string;
const processes: ServiceProcess[] = [];

beforeEach(async () => {
  aws = new AwsStandIn();
  it = new TestService(glueEnvironment(await aws.open()));
  mkdirSync(join(it.folder, 'work'));
  spec = join(it.folder, 'spec.yaml');
  writeFileSync(spec, sampleSpec('sample'));
});
afterEach(async () => {
  for (const each of processes.splice(0)) await endServiceProcess(each, 'SIGKILL');
  await aws.close();
  await it.dispose();
});

test('what a plan for AWS Glue says is what a start then does, to the letter', async () => {
  const planned = await plan();
  expect(planned.glue).toMatchObject({ jobName: 'sluice-sample', job: 'create' });
  expect(aws.asked).toEqual(['GetJob']);
  await applyAndStart('glue');
  await waitUntil('a run', () => aws.runs.length > 0, patience);
  const { JobName, Arguments } = newestRun(aws);
  const asPlanned = (text: string) => text.replaceAll(/run-[0-9a-f]{16}/g, 'RUN-ID');
  expect(JobName).toBe(planned.glue?.jobName);
  expect(JSON.parse(asPlanned(JSON.stringify(Arguments)))).toEqual(planned.glue?.arguments);
  expect(aws.jobs.get(JobName)).toEqual({ Name: JobName, ...planned.glue?.definition });
  expect(aws.objects.has(planned.glue?.script.replace('s3:/', '') ?? '')).toBe(true);
  expect((await plan()).glue).toMatchObject({ job: 'keep', changes: [] });
});

test('a plan says what an update would change in a job that somebody has changed', async () => {
  const { glue } = await plan();
  const changed = { ...glue?.definition, WorkerType: 'G.2X', Timeout: 60 };
  aws.jobs.set('sluice-sample', { Name: 'sluice-sample', ...changed });
  const { out } = await sluice('plan', '--target', 'glue', spec);
  expect(out).toMatch(
    /change the job sluice-sample\n +WorkerType: G\.2X -> G\.025X\n +Timeout: 60 -> nothing\n/,
  );
  expect(out).toContain('at the prices of us-east-1 of 20');
  expect(aws.asked).not.toContain('UpdateJob');
});

test('a plan without an answer of AWS says so, and all the rest', async () => {
  aws.goodKey = 'another';
  const { code, out, err } = await sluice('plan', '--target', 'glue', spec);
  expect(code).toBe(0);
  expect(err).toContain('could not be looked at: Glue refuses the credentials');
  expect(out).toContain('create or change the job sluice-sample');
});

test('a plan for this machine has the command of the driver, and nothing is made', async () => {
  const { out } = await sluice('plan', spec);
  expect(out).toContain('--master local[2]');
  expect(out).toContain(join(it.folder, 'work/data/sample/generation-1/lease'));
  expect(out).not.toContain('cost');
  expect(it.fake.starts()).toEqual([]);
});

test('a plan for a cluster has its master and what the spec asks for there, and is refused when it asks too much', async () => {
  const worker = { host: 'a', state: 'ALIVE', cores: 2, coresfree: 2 };
  const workers = [{ ...worker, memory: 4096, memoryfree: 4096 }];
  const view = { status: 'ALIVE', workers, activeapps: [], completedapps: [] };
  const master = createServer((_, response) => response.end(JSON.stringify(view)));
  master.listen(0, '127.0.0.1');
  await once(master, 'listening');
  const settings = {
    SLUICE_SPARK_MASTER: 'spark://127.0.0.1:7077',
    SLUICE_SPARK_MASTER_UI: `http://127.0.0.1:${(master.address() as AddressInfo).port}`,
  };
  const planned = () =>
    runCli({ ...it.environment, ...settings }, 'plan', '--target', 'standalone', spec);
  expect((await planned()).out).toMatch(
    /--master spark:\/\/127\.0\.0\.1:7077\n[\s\S]*--executor-cores 1\n/,
  );
  appendFileSync(spec, 'targets: { standalone: { executor-cores: 64, max-cores: 64 } }\n');
  expect(await planned()).toMatchObject({ out: '', err: expect.stringContaining('CLUSTER_') });
  master.close();
});

test('a plan for a target without settings is refused, as its start would be', async () => {
  const { code, err } = await sluice('plan', '--target', 'standalone', spec);
  expect(code).toBe(2);
  expect(err).toContain('TARGET_UNCONFIGURED');
});

async function plan(): Promise<PlanPreview> {
  const { out, err } = await sluice('plan', '--target', 'glue', '--json', spec);
  expect(err).toBe('');
  return JSON.parse(out);
}

async function applyAndStart(target: string): Promise<void> {
  const service = await startServiceProcess(it.environment);
  processes.push(service);
  const words = ['apply', '--target', target, '--start', spec, '--url', service.url];
  const { code, out, err } = await sluice(...words);
  expect(code, err).toBe(0);
  expect(out).toMatch(/^run-[0-9a-f]{16}\n$/);
}

function sluice(...words: readonly string[]) {
  return runCli(it.environment, ...words);
}
