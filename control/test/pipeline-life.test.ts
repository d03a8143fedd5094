import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleSpec } from './fixtures/sample-spec.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

const spec = sampleSpec('sample');
let it: TestService;

beforeEach(async () => {
  it = new TestService({
    SLUICE_STOP_DEADLINE_SECONDS: '0.5',
    SLUICE_KILL_DELAY_SECONDS: '0.5',
    SLUICE_SILENCE_SECONDS: '1',
  });
  await it.open();
  expect((await it.call('PUT', '/api/v1/pipelines/sample', spec)).status).toBe(201);
});
afterEach(() => it.dispose());

test('a pipeline goes from DRAFT over RUNNING to STOPPED and its rows are merged', async () => {
  expect((await status()).observed.state).toBe('DRAFT');
  await start();
  const running = await it.waitForState('sample', 'RUNNING');
  expect(running.desired).toBe('RUNNING');
  await waitUntil('merged rows', async () => (await status()).merge?.rows?.rows > 0);
  expect((await it.call('POST', '/api/v1/pipelines/sample/stop')).status).toBe(202);
  const stopped = await it.waitForState('sample', 'STOPPED');
  expect(stopped.run.stop.way).toBe('marker');
  expect(stopped.run.lastBatch).toBe(stopped.progress.batch);
  expect(stopped.progress).toMatchObject({ lag: 5, totals: { deadLetters: 0 } });
  const rows = stopped.progress.totals.rows;
  await waitUntil('all rows merged', async () => (await status()).merge.rows.rows === rows);
  const text = readFileSync(join(it.folder, 'work/data/sample.csv'), 'utf8');
  expect(text.startsWith('customerId,eventId,note\n')).toBe(true);
  expect(text.trimEnd().split('\n')).toHaveLength(rows + 1);
});

test('a second start gives the run that is there, and a second stop the same stop', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect([first.status, second.status].sort()).toEqual([200, 202]);
  expect(first.json.id).toBe(second.json.id);
  await it.waitForState('sample', 'RUNNING');
  expect((await start()).status).toBe(200);
  expect(it.fake.starts()).toHaveLength(1);
  expect((await stop()).status).toBe(202);
  expect((await stop()).status).toBe(202);
  await it.waitForState('sample', 'STOPPED');
  expect((await stop()).status).toBe(200);
});

test('a run that was stopped is continued by the next one where it ended', async () => {
  await start();
  await it.waitForState('sample', 'RUNNING');
  await stop();
  const first = await it.waitForState('sample', 'STOPPED');
  await start();
  const second = await it.waitForState('sample', 'RUNNING');
  expect(second.run.attempt).toBe(2);
  expect(second.progress.batch).toBeGreaterThan(first.run.lastBatch);
});

test.each([
  ['ignores-stop', 'SIGTERM'],
  ['ignores-term', 'SIGKILL'],
] as const)('a driver that %s is ended by %s, and the answer says so', async (behaviour, way) => {
  it.fake.behave(behaviour);
  await start();
  await it.waitForState('sample', 'RUNNING');
  await stop();
  const stopped = await it.waitForState('sample', 'STOPPED');
  expect(stopped.run.stop.way).toBe(way);
  expect(stopped.run.lastBatch).toBeGreaterThanOrEqual(0);
  expect(stopped.observed.cause).toMatchObject({ code: 'RUN_STOPPED' });
});

test('a driver that hangs in its start stays STARTING and can be stopped', async () => {
  it.fake.behave('hangs-in-start');
  await start();
  await waitUntil('a start', () => it.fake.starts().length === 1);
  expect((await status()).observed.state).toBe('STARTING');
  await stop();
  expect((await it.waitForState('sample', 'STOPPED')).run.stop.way).toBe('SIGTERM');
});

test.each([
  ['fails', 'RUN_FAILED', 'STREAM_FAILED: [STREAM_FAILED] Query terminated'],
  ['fails-at-start', 'RUN_FAILED', '[STREAM_FAILED]'],
  ['kills-itself', 'RUN_KILLED', 'illed'],
  ['vanishes', 'RUN_VANISHED', 'fake spark-submit'],
  ['ends-unasked', 'RUN_ENDED_UNASKED', 'fake spark-submit'],
] as const)(
  'a driver that %s is FAILED with the cause %s and its evidence',
  async (behaviour, code, evidence) => {
    it.fake.behave(behaviour);
    await start();
    const failed = await it.waitForState('sample', 'FAILED');
    expect(failed.observed.cause.code).toBe(code);
    expect(failed.observed.cause.evidence).toContain(evidence);
    expect(failed.desired).toBe('RUNNING');
    expect(failed.actions).toEqual(['apply', 'start', 'delete']);
    expect(it.fake.starts()).toHaveLength(1);
  },
);

test('a job that read everything is STOPPED and says why', async () => {
  it.fake.behave('drains');
  await start();
  expect((await it.waitForState('sample', 'STOPPED')).observed.cause.code).toBe('RUN_DRAINED');
});

test('a driver that goes silent is UNKNOWN, may not be started beside, and can be stopped', async () => {
  it.fake.behave('goes-silent');
  await start();
  const silent = await it.waitForState('sample', 'UNKNOWN');
  expect(silent.observed.cause.code).toBe('RUN_SILENT');
  expect((await start()).json).toMatchObject({ status: 409, code: 'MOVE_REFUSED' });
  await stop();
  expect((await it.waitForState('sample', 'STOPPED')).run.stop.way).toBe('SIGTERM');
});

test('a spec changes only while no driver may run, and the same text is always accepted', async () => {
  await start();
  const changed = sampleSpec('sample', { trigger: '2 seconds' });
  const refused = await it.call('PUT', '/api/v1/pipelines/sample', changed);
  expect(refused.json).toMatchObject({ status: 409, code: 'MOVE_REFUSED' });
  expect((await it.call('PUT', '/api/v1/pipelines/sample', spec)).status).toBe(200);
  expect((await it.call('DELETE', '/api/v1/pipelines/sample')).status).toBe(409);
  await it.waitForState('sample', 'RUNNING');
  await stop();
  await it.waitForState('sample', 'STOPPED');
  const accepted = await it.call('PUT', '/api/v1/pipelines/sample', changed);
  expect(accepted).toMatchObject({ status: 200, headers: { etag: '"2"' } });
});

test('a pipeline that is forgotten leaves its data and nothing else', async () => {
  await start();
  await it.waitForState('sample', 'RUNNING');
  await stop();
  const { run } = await it.waitForState('sample', 'STOPPED');
  expect((await it.call('DELETE', '/api/v1/pipelines/sample')).status).toBe(204);
  expect((await it.call('GET', '/api/v1/pipelines/sample')).status).toBe(404);
  expect((await it.call('GET', `/api/v1/runs/${run.id}`)).status).toBe(404);
  expect(existsSync(join(it.folder, 'state/runs', run.id))).toBe(false);
  expect(existsSync(join(it.folder, 'work/data/sample/generation-1/parts'))).toBe(true);
});

test('a service that is closed leaves the driver running and the next one goes on with it', async () => {
  await start();
  const before = await it.waitForState('sample', 'RUNNING');
  await it.close();
  await it.open();
  const after = await it.waitForState('sample', 'RUNNING');
  expect(after.run).toMatchObject({ id: before.run.id, pid: before.run.pid });
  expect(it.fake.starts()).toHaveLength(1);
});

test('a start without a runtime says to run set-up and starts nothing', async () => {
  const other = new TestService({ SLUICE_RUNTIME: '/nowhere/runtime.json' });
  await other.open();
  await other.call('PUT', '/api/v1/pipelines/sample', spec);
  const refused = await other.call('POST', '/api/v1/pipelines/sample/start');
  expect(refused.json).toMatchObject({
    status: 503,
    code: 'NOT_SET_UP',
    next: 'Run `npm run setup`.',
  });
  expect((await other.call('GET', '/health/ready')).status).toBe(503);
  expect((await other.call('GET', '/api/v1/pipelines/sample/status')).json.observed.state).toBe(
    'DRAFT',
  );
  await other.dispose();
});

async function status() {
  return (await it.call('GET', '/api/v1/pipelines/sample/status')).json;
}

function start() {
  return it.call('POST', '/api/v1/pipelines/sample/start');
}

function stop() {
  return it.call('POST', '/api/v1/pipelines/sample/stop');
}
