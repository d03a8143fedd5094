import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyProcess, thisMachine } from '../src/process-identity.ts';
import { sampleSpec } from './fixtures/sample-spec.ts';
import { TestService } from './fixtures/test-service.ts';

/* How the service deals with leases, with drivers that are not real. The real ones: lease.spark.test.ts. */

const pipeline = '/api/v1/pipelines/sample';
let first: TestService;
let second: TestService;
let lease: string;

beforeEach(async () => {
  first = new TestService();
  const work = join(first.folder, 'work');
  second = new TestService({ SLUICE_WORK_FOLDER: work });
  lease = join(work, 'data/sample/generation-1/lease');
  for (const service of [first, second]) {
    await service.open();
    await service.call('PUT', pipeline, sampleSpec('sample'));
  }
});
afterEach(async () => {
  await second.dispose();
  await first.dispose();
});

test('a second service is refused while a run of the first lives, and may start when it has ended', async () => {
  const { json } = await start(first);
  await first.waitForState('sample', 'RUNNING');
  const refused = await start(second);
  expect(refused.json).toMatchObject({ status: 409, code: 'LEASE_HELD' });
  expect(refused.json.detail).toContain(`${json.id} of sample, process`);
  expect(refused.json.detail).toMatch(/since 20\d\d-/);
  expect(refused.json.next).toContain('taken over');
  expect(second.fake.starts()).toHaveLength(0);
  await first.call('POST', `${pipeline}/stop`);
  await first.waitForState('sample', 'STOPPED');
  expect((await start(second)).status).toBe(202);
  await second.waitForState('sample', 'RUNNING');
});

test('the lease of a driver that was killed is free at once', async () => {
  await start(first);
  const { run } = await first.waitForState('sample', 'RUNNING');
  process.kill(-run.pid, 'SIGKILL');
  await first.waitForState('sample', 'FAILED');
  expect((await start(second)).status).toBe(202);
  await second.waitForState('sample', 'RUNNING');
});

test('a driver that finds the lease taken ends as LEASE_HELD, and the other goes on', async () => {
  second.fake.behave('slow');
  await Promise.all([start(second), start(first)]);
  const failed = await second.waitForState('sample', 'FAILED');
  const { run } = await first.waitForState('sample', 'RUNNING');
  expect(failed.observed.cause).toMatchObject({ code: 'LEASE_HELD' });
  expect(failed.observed.cause.sentence).toContain(`${run.id} of sample`);
});

test('a driver that sees a newer epoch ends as RUN_FENCED', async () => {
  await start(first);
  await first.waitForState('sample', 'RUNNING');
  takeOver('epoch-2', owner());
  const fenced = await first.waitForState('sample', 'FAILED');
  expect(fenced.observed.cause).toMatchObject({ code: 'RUN_FENCED' });
  expect(fenced.observed.cause.sentence).toContain('run-x of other');
});

test.each([
  ['on another machine that beats', { machine: 'elsewhere' }, true, 409],
  ['on another machine that shows no beat', { machine: 'elsewhere' }, false, 202],
  ['of an earlier boot', { machine: 'an earlier boot' }, false, 202],
  ['here whose process is another one now', { started: '1' }, false, 202],
  ['here that has not beaten for a term', { clock: seconds() - 11 }, false, 202],
  ['here that beats', {}, false, 409],
] as const)('a start beside an owner %s', async (_, changes, isBeating, expected) => {
  mkdirSync(lease, { recursive: true });
  writeFileSync(join(lease, 'epoch-1'), JSON.stringify({ ...owner(), ...changes }));
  const beating = setInterval(() => isBeating && takeOver('beat-1', { clock: seconds() }), 500);
  try {
    expect((await start(first)).status).toBe(expected);
  } finally {
    clearInterval(beating);
  }
});

test.each(['', '{"run": "torn', '[]', 'null', '\0\xff'])(
  'an epoch file that says %j keeps nobody from starting',
  async (text) => {
    mkdirSync(lease, { recursive: true });
    writeFileSync(join(lease, 'epoch-7'), text);
    expect((await start(first)).status).toBe(202);
    await first.waitForState('sample', 'RUNNING');
    expect(readdirSync(lease)).toContain('epoch-8');
  },
);

test('two pipelines of one service with one output are kept apart, however it is spelt', async () => {
  const twin = sampleSpec('twin').replace(
    'path: data/twin',
    `path: ${first.folder}/work/data/./sample/`,
  );
  expect((await first.call('PUT', '/api/v1/pipelines/twin', twin)).status).toBe(201);
  first.fake.behave('hangs-in-start');
  const { json } = await start(first);
  const refused = await first.call('POST', '/api/v1/pipelines/twin/start');
  expect(refused.json).toMatchObject({ status: 409, code: 'LEASE_HELD' });
  expect(refused.json.detail).toContain(`${json.id} of sample`);
});

test('a driver that Spark itself stopped for a shared checkpoint says so plainly', async () => {
  first.fake.behave('shares-checkpoint');
  await start(first);
  const failed = await first.waitForState('sample', 'FAILED');
  expect(failed.observed.cause).toMatchObject({ code: 'CHECKPOINT_SHARED' });
  expect(failed.observed.cause.evidence).toContain('concurrently using');
});

function start(service: TestService) {
  return service.call('POST', `${pipeline}/start`);
}

function owner() {
  const me = identifyProcess(process.pid);
  return {
    ...{ pipeline: 'other', run: 'run-x', host: hostname(), since: new Date().toISOString() },
    ...{ pid: process.pid, started: me?.startTime, machine: thisMachine(), clock: seconds() },
  };
}

function takeOver(name: string, fields: object): void {
  writeFileSync(join(lease, `.${name}.test`), JSON.stringify(fields));
  renameSync(join(lease, `.${name}.test`), join(lease, name));
}

function seconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
