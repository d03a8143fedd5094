import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeRuntime, makeFakeRuntime } from '../../test/fixtures/fake-runtime.ts';
import { waitUntil } from '../../test/fixtures/wait-until.ts';
import { identifyProcess } from '../process-identity.ts';
import { usualTargets } from '../spec/target-settings.ts';
import type { LocalHandle } from '../store/run-handle.ts';
import { findDriverProcesses } from './driver-processes.ts';
import type { DriverRequest, Executor } from './executor.ts';
import { localSparkSubmit } from './local-spark-submit.ts';
import { readRuntime } from './runtime.ts';

let folder: string;
let runId: string;
let fake: FakeRuntime;
let executor: Executor<LocalHandle>;
const started: LocalHandle[] = [];

beforeEach(async () => {
  // Unlike any other on this machine: drivers are looked for in the whole process table.
  runId = `run-${randomUUID()}`;
  folder = await mkdtemp(join(tmpdir(), 'sluice-executor-'));
  fake = makeFakeRuntime(join(folder, 'fake'));
  executor = makeExecutor();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((handle) => executor.kill(handle, 'force')));
  // Also one that should not be there.
  for (const { pid } of findDriverProcesses(runId)) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('a driver that is submitted twice at once is started once and both get its handle', async () => {
  const [first, second] = await Promise.all([submit(runId), submit(runId)]);
  expect(first).toEqual(second);
  expect(await submit(runId)).toEqual(first);
  await waitUntil('one start', () => fake.starts().length > 0);
  expect(fake.starts()).toHaveLength(1);
});

test('two executors that submit one run at once start one driver between them', async () => {
  const handles = await Promise.all(
    [executor, makeExecutor(), makeExecutor()].map((each) => each.submit(request(runId))),
  );
  started.push(...handles);
  expect(new Set(handles.map((handle) => handle.process.pid)).size).toBe(1);
  await waitUntil('one start', () => fake.starts().length > 0);
  expect(fake.starts()).toHaveLength(1);
});

test('a driver whose handle was never saved is found again by its run id', async () => {
  const submitted = await submit(runId);
  const found = await makeExecutor().find(runId, join(folder, runId));
  expect(found).toEqual(submitted);
  expect(await executor.find('run-2', join(folder, 'run-2'))).toBeUndefined();
});

test('a driver that is just being launched is waited for, not taken for absent', async () => {
  const runFolder = join(folder, runId);
  mkdirSync(runFolder);
  const script = 'sleep 0.3; echo $$ > "$0/pid"; sleep 30';
  const wrapper = spawn('sh', ['-c', script, runFolder, '--run-id', runId], { stdio: 'ignore' });
  try {
    await waitUntil('the launch', () => findDriverProcesses(runId).length > 0);
    expect((await executor.find(runId, runFolder))?.process.pid).toBe(wrapper.pid);
  } finally {
    wrapper.kill('SIGKILL');
  }
});

test('a handle is plain JSON that another executor can use', async () => {
  const handle = JSON.parse(JSON.stringify(await submit(runId))) as LocalHandle;
  const other = makeExecutor();
  expect(await other.observe(handle)).toEqual({ kind: 'running' });
  await other.kill(handle, 'force');
  await waitUntil('gone', async () => (await other.observe(handle)).kind === 'gone');
});

test('SIGTERM ends the driver, its exit status is kept and a second kill does nothing', async () => {
  const handle = await submit(runId);
  await waitUntil('a start', () => fake.starts().length > 0);
  await executor.kill(handle, 'terminate');
  await waitUntil('the end', async () => (await executor.observe(handle)).kind === 'failed');
  expect(await executor.observe(handle)).toEqual({ kind: 'failed', exitCode: 143 });
  await executor.kill(handle, 'terminate');
  await executor.kill(handle, 'force');
});

test('a driver that ignores SIGTERM goes on until it is forced', async () => {
  fake.behave('ignores-term');
  const handle = await submit(runId);
  await waitUntil('a start', () => fake.starts().length > 0);
  await waitUntil('signs', () =>
    readFile(join(folder, 'g', 'control', runId, 'alive.json')).catch(() => ''),
  );
  await executor.kill(handle, 'terminate');
  await waitUntil('the signal', async () =>
    (await executor.readLog(handle, 0, 100)).lines.includes('SIGTERM ignored'),
  );
  expect(await executor.observe(handle)).toEqual({ kind: 'running' });
  await executor.kill(handle, 'force');
  await waitUntil('gone', async () => (await executor.observe(handle)).kind === 'gone');
  expect(findDriverProcesses(runId)).toEqual([]);
});

test.each([
  ['drains', { kind: 'succeeded' }],
  ['fails', { kind: 'failed', exitCode: 1 }],
  ['kills-itself', { kind: 'failed', exitCode: 137 }],
] as const)('a driver that %s leaves its exit status', async (behaviour, expected) => {
  fake.behave(behaviour);
  const handle = await submit(runId);
  await waitUntil('the end', async () => (await executor.observe(handle)).kind !== 'running');
  expect(await executor.observe(handle)).toEqual(expected);
  expect(await executor.observe((await executor.find(runId, handle.runFolder)) ?? handle)).toEqual(
    expected,
  );
});

test('a driver whose wrapper alone was killed is still running and can still be ended', async () => {
  const handle = await submit(runId);
  await waitUntil('a start', () => fake.starts().length > 0);
  process.kill(handle.process.pid, 'SIGKILL');
  await waitUntil('wrapper gone', () => identifyProcess(handle.process.pid) === undefined);
  expect(await executor.observe(handle)).toEqual({ kind: 'running' });
  await executor.kill(handle, 'force');
  await waitUntil('gone', async () => (await executor.observe(handle)).kind === 'gone');
});

test('a pid that was given to another process is neither taken for the driver nor signalled', async () => {
  const handle: LocalHandle = {
    target: 'local',
    runId: 'run-9',
    runFolder: join(folder, 'run-9'),
    process: { pid: process.pid, startTime: '1', bootId: 'another boot' },
  };
  expect((await executor.observe(handle)).kind).toBe('gone');
  await executor.kill(handle, 'force');
});

test('a run folder that cannot be read is unreachable, which is not gone', async () => {
  const handle = await submit(runId);
  writeFileSync(join(folder, 'a-file'), '');
  const seen = await executor.observe({ ...handle, runFolder: join(folder, 'a-file', 'x') });
  expect(seen.kind).toBe('unreachable');
});

test('a driver sees the variables of its spec and nothing else of the service', async () => {
  fake.behave('hangs-in-start');
  const handle = await submit(runId, { TOPIC: 'a; "b"' });
  await waitUntil('a start', () => fake.starts().length > 0);
  const pid = fake.starts()[0]?.pid;
  if (process.platform === 'linux') {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    expect(environment).toContain('TOPIC=a; "b"\0');
    expect(environment).not.toContain('SECRET_OF_THE_SERVICE');
  }
  await executor.kill(handle, 'force');
});

test('log pages have a true total, cut long lines and hold only the lines asked for', async () => {
  const runFolder = join(folder, runId);
  mkdirSync(runFolder);
  const lines = Array.from({ length: 5000 }, (_, number) => `line ${number}`);
  writeFileSync(
    join(runFolder, 'driver.log'),
    `${lines.join('\n')}\n${'x'.repeat(1_000_000)}\nlast`,
  );
  appendFileSync(join(runFolder, 'driver.log'), ' part');
  const handle = {
    target: 'local',
    runId: runId,
    runFolder,
    process: { pid: 1, startTime: '', bootId: '' },
  } as const;
  expect(await executor.readLog(handle, 4998, 2)).toEqual({
    from: 4998,
    total: 5002,
    lines: ['line 4998', 'line 4999'],
  });
  const tail = await executor.readLog(handle, 5000, 10);
  expect(tail.lines[0]).toMatch(/^x{8192} \.\.\. \(991808 more bytes\)$/);
  expect(tail.lines[1]).toBe('last part');
});

async function submit(id: string, environment = {}): Promise<LocalHandle> {
  const handle = await executor.submit(request(id, environment));
  started.push(handle);
  return handle;
}

function request(id: string, environment = {}): DriverRequest {
  return {
    runId: id,
    pipeline: 'device-events',
    target: 'local',
    targets: usualTargets,
    objectStorage: false,
    jobFile: join(folder, 'job.py'),
    runFolder: join(folder, id),
    controlFolder: join(folder, 'g', 'control', id),
    generation: 1,
    workFolder: folder,
    environment,
  };
}

function makeExecutor(): Executor<LocalHandle> {
  return localSparkSubmit({
    runtime: () => readRuntime(fake.file),
    settings: { memory: '1g', cores: 2, aws: { region: 'us-east-1' } },
    environment: { PATH: process.env.PATH ?? '', SECRET_OF_THE_SERVICE: 'x' },
  });
}
