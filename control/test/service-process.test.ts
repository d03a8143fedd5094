import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleSpec } from './fixtures/sample-spec.ts';
import {
  endServiceProcess,
  runCli,
  type ServiceProcess,
  startServiceProcess,
} from './fixtures/service-process.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/** What these tests read of a status. */
interface Status {
  readonly observed: { readonly state: string; readonly cause?: { readonly code: string } };
  readonly progress: { readonly batch: number };
  readonly run: {
    readonly id: string;
    readonly pid: number;
    readonly stop: { readonly way: string };
  };
}

let it: TestService;
const processes: ServiceProcess[] = [];

beforeEach(() => {
  it = new TestService();
  mkdirSync(join(it.folder, 'work'));
});
afterEach(async () => {
  for (const each of processes.splice(0)) await endServiceProcess(each, 'SIGKILL');
  await it.dispose();
});

test('a service that is killed -9 with a live driver is followed by one that adopts the same driver', async () => {
  const first = await serve();
  await put(first);
  await post(first, 'start');
  const before = await waitForState(first, 'RUNNING');
  await endServiceProcess(first, 'SIGKILL');
  const second = await serve();
  const after = await waitForState(second, 'RUNNING');
  expect(after.run).toMatchObject({ id: before.run.id, pid: before.run.pid, attempt: 1 });
  await waitUntil('a further batch', async () => {
    const { progress } = await status(second);
    return progress.batch > before.progress.batch;
  });
  expect(it.fake.starts()).toHaveLength(1);
  await post(second, 'stop');
  expect((await waitForState(second, 'STOPPED')).run.stop.way).toBe('marker');
});

test('services that are killed -9 at any moment of a start leave one driver', async () => {
  for (const delayMs of [0, 20]) {
    const victim = await serve();
    await put(victim);
    const { id } = (await (await post(victim, 'start')).json()) as Status['run'];
    // Not to wait for anything: the delay is what the test varies.
    await pause(delayMs);
    await endServiceProcess(victim, 'SIGKILL');
    const next = await serve();
    const { run } = await waitForState(next, 'RUNNING');
    expect(run.id).toBe(id);
    expect(it.fake.starts().filter(({ runId }) => runId === id)).toHaveLength(1);
    await post(next, 'stop');
    await waitForState(next, 'STOPPED');
    await endServiceProcess(next, 'SIGTERM');
  }
});

test('a driver that ended while no service ran is found to have ended, with its cause', async () => {
  const first = await serve();
  await put(first);
  await post(first, 'start');
  const { run } = await waitForState(first, 'RUNNING');
  await endServiceProcess(first, 'SIGKILL');
  process.kill(-run.pid, 'SIGTERM');
  const second = await serve();
  const ended = await waitForState(second, 'FAILED');
  expect(ended.observed.cause).toMatchObject({ code: 'RUN_KILLED' });
});

test('SIGTERM ends the service with 0 and leaves the driver running', async () => {
  const first = await serve();
  await put(first);
  await post(first, 'start');
  const { run } = await waitForState(first, 'RUNNING');
  expect(await endServiceProcess(first, 'SIGTERM')).toBe(0);
  expect(() => process.kill(run.pid, 0)).not.toThrow();
});

test('a service with a parent ends when the parent closes its input', async () => {
  const service = await serve('--with-parent');
  service.child.stdin?.end();
  await waitUntil('the end', () => service.child.exitCode !== null);
  expect(service.child.exitCode).toBe(0);
});

test('a second service on the same state is refused by the name of the first', async () => {
  const first = await serve();
  const second = await runCli(it.environment, 'serve');
  expect(second.code).toBe(4);
  expect(second.err).toContain(`process id ${first.child.pid}`);
});

test('a port that is taken is named with the setting that changes it', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const refused = await runCli({ ...it.environment, SLUICE_PORT: String(port) }, 'serve');
  taken.close();
  expect(refused.code).toBe(3);
  expect(refused.err).toContain(`Port ${port} of 127.0.0.1 is taken`);
  expect(refused.err).toContain('SLUICE_PORT');
});

test('an address that others can reach is refused, because there is no log-in', async () => {
  const refused = await runCli({ ...it.environment, SLUICE_HOST: '0.0.0.0' }, 'serve');
  expect(refused.code).toBe(3);
  expect(refused.err).toContain('there is no log-in yet');
});

test('the commands for a running service apply, start, show and stop a pipeline', async () => {
  const { url } = await serve();
  const environment = { ...it.environment, SLUICE_URL: url };
  const file = join(it.folder, 'sample.yaml');
  writeFileSync(file, sampleSpec('sample'));
  expect((await runCli(environment, 'apply', file)).err).toContain('sample is at revision 1');
  const started = await runCli(environment, 'start', 'sample');
  expect(started.out).toMatch(/^run-[0-9a-f]{16}\n$/);
  await waitForState({ url }, 'RUNNING');
  expect((await runCli(environment, 'status', 'sample')).out).toContain('sample  RUNNING since');
  expect(JSON.parse((await runCli(environment, 'status', '--json')).out).total).toBe(1);
  expect((await runCli(environment, 'logs', 'sample')).out).toContain('fake spark-submit');
  expect((await runCli(environment, 'delete', 'sample')).code).toBe(4);
  const stopped = await runCli(environment, 'stop', 'sample', '--wait');
  expect(stopped.err).toContain('sample is STOPPED by marker after batch');
  expect((await runCli(environment, 'runs', 'sample')).out).toContain('STOPPED');
  expect((await runCli(environment, 'delete', 'sample')).code).toBe(0);
  expect((await runCli(environment, 'status', 'sample')).code).toBe(2);
});

async function serve(...options: string[]): Promise<ServiceProcess> {
  const started = await startServiceProcess(it.environment, ...options);
  processes.push(started);
  return started;
}

type Address = Pick<ServiceProcess, 'url'>;

async function put({ url }: Address): Promise<void> {
  const response = await fetch(`${url}/api/v1/pipelines/sample`, {
    method: 'PUT',
    body: sampleSpec('sample'),
    headers: { 'content-type': 'application/yaml' },
  });
  expect(response.ok).toBe(true);
}

function post({ url }: Address, action: 'start' | 'stop'): Promise<Response> {
  return fetch(`${url}/api/v1/pipelines/sample/${action}`, { method: 'POST' });
}

async function status({ url }: Address): Promise<Status> {
  const response = await fetch(`${url}/api/v1/pipelines/sample/status`);
  return (await response.json()) as Status;
}

function waitForState(service: Address, state: string) {
  return waitUntil(`the pipeline is ${state}`, async () => {
    const found = await status(service);
    return found.observed.state === state ? found : undefined;
  });
}
