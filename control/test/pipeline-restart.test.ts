import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findDriverProcesses } from '../src/executors/driver-processes.ts';
import { sampleSpec } from './fixtures/sample-spec.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

const silentSpec = sampleSpec('sample');
const spec = `${silentSpec}\nrestart: { on-failure: 2, within: 10 minutes }\n`;
let it: TestService;

beforeEach(async () => {
  it = new TestService({ SLUICE_STOP_DEADLINE_SECONDS: '5' });
  await it.open();
});
afterEach(() => it.dispose());

test('a driver that was lost with its machine is followed by another one, which goes on where it was', async () => {
  const first = await run(silentSpec);
  await loseDriver(first.run.id, 'another start of the machine');
  const second = await waitForRun(2);
  expect(second.progress.batch).toBeGreaterThan(first.progress.batch);
  expect((await runs()).at(-1)).toMatchObject({ state: 'FAILED', cause: { code: 'RUN_LOST' } });
  expect(it.fake.starts()).toHaveLength(2);
});

test('a driver that is gone while its machine stays is FAILED without a clause, and started again with one', async () => {
  const first = await run(silentSpec);
  await loseDriver(first.run.id);
  const failed = await it.waitForState('sample', 'FAILED');
  expect(failed.observed.cause.code).toBe('RUN_VANISHED');
  const second = await run(spec);
  await loseDriver(second.run.id);
  expect((await waitForRun(3)).observed.state).toBe('RUNNING');
});

test('a driver that is lost while a stop is wanted is followed by none', async () => {
  const first = await run(silentSpec);
  await it.close();
  await endDriver(first.run.id);
  writeLife(first.run.id);
  await it.open();
  await it.call('POST', '/api/v1/pipelines/sample/stop');
  await waitUntil('the run has ended', async () => (await status()).run.endedAt);
  expect((await status()).observed.state).not.toBe('RESTARTING');
  expect(it.fake.starts()).toHaveLength(1);
});

test('a pipeline that fails again and again is RESTARTING, later each time, and then a crash loop', async () => {
  it.fake.behave('fails-at-start');
  await apply(spec);
  await it.call('POST', '/api/v1/pipelines/sample/start');
  const restarting = await it.waitForState('sample', 'RESTARTING');
  expect(restarting.observed).toMatchObject({
    cause: { code: 'RUN_FAILED' },
    restart: { number: 1 },
  });
  expect(restarting.actions).toEqual(['apply', 'start', 'stop']);
  const failed = await it.waitForState('sample', 'FAILED');
  expect(failed.observed.cause.code).toBe('RUN_CRASH_LOOP');
  expect(failed.observed.cause.sentence).toContain('failed 3 times within 10 minutes');
  expect(failed.observed.cause.evidence).toContain('[STREAM_FAILED]');
  expect(it.fake.starts()).toHaveLength(3);
});

test('while it is RESTARTING a stop ends the waiting, and a start or a mended spec is taken', async () => {
  it.fake.behave('fails-at-start');
  await apply(spec);
  await it.call('POST', '/api/v1/pipelines/sample/start');
  await it.waitForState('sample', 'RESTARTING');
  expect((await it.call('POST', '/api/v1/pipelines/sample/stop')).status).toBe(202);
  expect((await status()).observed.state).toBe('FAILED');
  const before = it.fake.starts().length;
  it.fake.behave('runs');
  await apply(`${spec}# mended\n`);
  await it.call('POST', '/api/v1/pipelines/sample/start');
  await it.waitForState('sample', 'RUNNING');
  expect(it.fake.starts()).toHaveLength(before + 1);
});

test('a service that takes its drivers along stops them after a batch, and the next one starts them again', async () => {
  const first = await run(silentSpec);
  await it.service?.watcher.pause();
  const paused = await status();
  expect(paused).toMatchObject({
    desired: 'RUNNING',
    observed: { state: 'RESTARTING', cause: { code: 'RUN_PAUSED' } },
    run: { state: 'STOPPED', stop: { way: 'marker' } },
  });
  expect(findDriverProcesses(first.run.id)).toEqual([]);
  expect(it.fake.starts()).toHaveLength(1);
  await it.close();
  await it.open();
  const second = await waitForRun(2);
  expect(second.progress.batch).toBeGreaterThan(paused.run.lastBatch);
});

test('a restart that meets an output without its checkpoint is given up with that cause', async () => {
  const first = await run(silentSpec);
  await it.service?.watcher.pause();
  await it.close();
  await rm(join(it.folder, 'work/data/sample/generation-1/checkpoint'), { recursive: true });
  await it.open();
  const failed = await waitUntil('the restart is given up', async () => {
    const seen = await status();
    return seen.observed.state === 'RESTARTING' ? undefined : seen;
  });
  expect(failed.observed.cause.code).toBe('OUTPUT_ALONE');
  expect(failed.run.id).toBe(first.run.id);
});

/** Applies, starts and waits for the first batch. */
async function run(text: string) {
  await apply(text);
  expect((await it.call('POST', '/api/v1/pipelines/sample/start')).status).toBe(202);
  await it.waitForState('sample', 'RUNNING');
  return waitUntil('a batch', async () => {
    const seen = await status();
    return seen.progress?.batch >= 0 ? seen : undefined;
  });
}

async function waitForRun(attempt: number) {
  return waitUntil(`run ${attempt} works`, async () => {
    const seen = await status();
    const isThere = seen.run.attempt === attempt && seen.observed.state === 'RUNNING';
    return isThere && seen.progress ? seen : undefined;
  });
}

/** As when the machine goes: the service and all of the driver at once; then a new service looks. */
async function loseDriver(id: string, life?: string): Promise<void> {
  await it.close();
  await endDriver(id);
  if (life) writeLife(id);
  await it.open();
}

function writeLife(id: string): void {
  writeFileSync(join(it.folder, 'state/runs', id, 'life'), 'another start of the machine');
}

async function endDriver(id: string): Promise<void> {
  for (const { group } of findDriverProcesses(id).slice(0, 1)) process.kill(-group, 'SIGKILL');
  await waitUntil('the driver is gone', () => findDriverProcesses(id).length === 0);
}

async function apply(text: string): Promise<void> {
  expect((await it.call('PUT', '/api/v1/pipelines/sample', text)).status).toBeLessThan(300);
}

async function status() {
  return (await it.call('GET', '/api/v1/pipelines/sample/status')).json;
}

async function runs() {
  return (await it.call('GET', '/api/v1/pipelines/sample/runs')).json.items;
}
