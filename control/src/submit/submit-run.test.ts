import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeRuntime, makeFakeRuntime } from '../../test/fixtures/fake-runtime.ts';
import { sampleExecutors, samplePlan } from '../../test/fixtures/sample-plan.ts';
import { waitUntil } from '../../test/fixtures/wait-until.ts';
import { findDriverProcesses } from '../executors/driver-processes.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { RunStore } from '../store/run-store.ts';
import { openRunStore } from '../store/sqlite-run-store.ts';
import { acceptRun, launchRun, newRunId, type SubmitMoment } from './submit-run.ts';

const storage = openStorage({ region: 'us-east-1' });
const at = '2026-11-24T08:00:00.000Z';
let folder: string;
let fake: FakeRuntime;
let store: RunStore;
let runId: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-submit-'));
  await mkdir(join(folder, 'state'));
  await mkdir(join(folder, 'work'));
  fake = makeFakeRuntime(join(folder, 'fake'));
  store = openRunStore(join(folder, 'state', 'state.db'));
  store.savePipeline('sample', { spec: 'text', target: 'local' }, at);
  runId = newRunId();
});
afterEach(async () => {
  store.close();
  for (const { pid } of findDriverProcesses(runId)) process.kill(pid, 'SIGKILL');
  await waitUntil('no driver left', () => findDriverProcesses(runId).length === 0);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const moments: readonly (readonly [SubmitMoment, number])[] = [
  ['check-pairing', 0],
  ['write-intent', 0],
  ['make-folders', 1],
  ['write-job', 1],
  ['start-driver', 1],
  ['record-handle', 1],
  ['done', 1],
];

test.each(moments)(
  'a crash before %s leaves %i driver after the restart',
  async (moment, drivers) => {
    await submitAndDie(moment);
    await restart();
    expect(await countDrivers(drivers)).toBe(drivers);
  },
);

test('a crash at any millisecond of the start leaves one driver after the restart', async () => {
  for (const delayMs of [0, 2, 5, 10, 20, 40]) {
    runId = newRunId();
    const before = fake.starts().length;
    const child = startSubmit('never');
    const closed = once(child, 'close');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    // Not to wait for anything: the delay is what the test varies.
    await pause(delayMs);
    child.kill('SIGKILL');
    await closed;
    await restart();
    await waitUntil('a start', () => fake.starts().length > before);
    expect(fake.starts().length - before).toBe(1);
    await endRun();
  }
});

test('two starts at once give one run and one driver', async () => {
  const tools = { store, storage, executors: sampleExecutors(folder), now: () => new Date() };
  const plans = [samplePlan(folder, runId), samplePlan(folder, newRunId())];
  const accepted = await Promise.all(plans.map((plan) => acceptRun(plan, tools)));
  expect(accepted.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
  expect(new Set(accepted.map(({ run }) => run.id)).size).toBe(1);
  runId = accepted[0]?.run.id ?? '';
  await Promise.all([launch(), launch()]);
  expect(await countDrivers(1)).toBe(1);
});

test('the job is written read-only and stands in the run folder', async () => {
  await submitAndDie('start-driver');
  const job = join(folder, 'state', 'runs', runId, 'job.py');
  expect(await readFile(job, 'utf8')).toBe('print("sample")\n');
  expect((await stat(job)).mode & 0o222).toBe(0);
});

test.each([
  ['a checkpoint with committed batches but no output', 'checkpoint', /its output .* is gone/],
  ['an output with committed parts but no checkpoint', 'output', /its checkpoint .* is gone/],
  ['a checkpoint with offsets but no metadata', 'metadata', /no metadata file/],
])('%s is refused before anything is written', async (_, what, sentence) => {
  const plan = samplePlan(folder, runId);
  await makePair(plan.generation ?? { checkpoint: '', parts: '' }, what);
  const tools = { store, storage, executors: sampleExecutors(folder), now: () => new Date() };
  await expect(acceptRun(plan, tools)).rejects.toThrow(sentence);
  expect(store.liveRuns()).toEqual([]);
});

async function makePair(pair: { checkpoint: string; parts: string }, what: string): Promise<void> {
  const files = {
    checkpoint: ['checkpoint/offsets/0', 'checkpoint/commits/0', 'checkpoint/metadata'],
    output: ['parts/_spark_metadata/9.compact'],
    metadata: ['checkpoint/offsets/0', 'parts/_spark_metadata/0'],
  }[what];
  for (const file of files ?? []) {
    const path = join(pair.parts, '..', file);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, 'v1');
  }
}

function startSubmit(moment: string): ChildProcess {
  const program = join(import.meta.dirname, '../../test/fixtures/submit-and-die.ts');
  return spawn(process.execPath, [program, folder, runId, moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function submitAndDie(moment: SubmitMoment): Promise<void> {
  const child = startSubmit(moment);
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
}

/** What a new control plane does with what it finds: each live run without a handle is launched again. */
async function restart(): Promise<void> {
  store.close();
  store = openRunStore(join(folder, 'state', 'state.db'));
  for (const run of store.liveRuns()) if (!run.handle) await launch();
}

function launch(): Promise<void> {
  const tools = { store, storage, executors: sampleExecutors(folder), now: () => new Date() };
  return launchRun(samplePlan(folder, runId), tools);
}

async function countDrivers(expected: number): Promise<number> {
  if (expected > 0) await waitUntil('a start', () => fake.starts().length >= expected);
  return new Set(findDriverProcesses(runId).map(({ group }) => group)).size;
}

async function endRun(): Promise<void> {
  const handle = store.liveRuns()[0]?.handle;
  if (handle) await sampleExecutors(folder).local.kill(handle, 'force');
  store.recordMove(runId, { state: 'STOPPED', at, seenAt: at, ended: true });
}
