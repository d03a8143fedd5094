import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDriverProcesses } from '../src/executors/driver-processes.ts';
import { type Runtime, readRuntime } from '../src/executors/runtime.ts';
import { projectRoot } from './architecture/project-files.ts';
import { committedRows } from './fixtures/committed-rows.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/*
 * Two runs on one checkpoint, with the real Spark: the accident that used to end a stream with "Multiple streaming
 * queries are concurrently using ...", late, and with work done twice. The steps build on each other.
 */

const spec = `pipeline: ticks
source: { rate: { rows-per-second: 20 } }
sink: { csv: { path: data/ticks } }
trigger: 1 second
merge: { into: data/ticks.csv, every: 1 second }
`;
const pipeline = '/api/v1/pipelines/ticks';
const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const slow = 90_000;

describe('one checkpoint', () => {
  const first = new TestService({ SLUICE_RUNTIME: runtimeFile });
  const work = join(first.folder, 'work');
  const lease = join(work, 'data/ticks/generation-1/lease');
  const second = new TestService({ SLUICE_RUNTIME: runtimeFile, SLUICE_WORK_FOLDER: work });
  const bareRuns: ChildProcess[] = [];
  let runtime: Runtime;

  beforeAll(async () => {
    runtime = readRuntime(runtimeFile);
    for (const service of [first, second]) {
      await service.open();
      expect((await service.call('PUT', pipeline, spec)).status).toBe(201);
    }
    writeFileSync(join(first.folder, 'job.py'), (await first.call('GET', `${pipeline}/code`)).text);
  });
  afterAll(async () => {
    for (const id of ['bare', (await status()).run?.id ?? 'none']) {
      for (const { pid } of findDriverProcesses(id)) process.kill(pid, 'SIGKILL');
      await waitUntil('no driver left', () => findDriverProcesses(id).length === 0);
    }
    for (const run of bareRuns) if (run.exitCode === null) run.kill('SIGKILL');
    await second.dispose();
    await first.dispose();
  });

  it('is used by the run that came first, which names itself beside it', async () => {
    const run = await startFirst();
    expect(newestOwner()).toMatchObject({ run: run.id, pipeline: 'ticks' });
  });

  it('is refused to a second control service with a state of its own', async () => {
    const { run } = await status();
    const refused = await second.call('POST', `${pipeline}/start`);
    expect(refused.json).toMatchObject({ status: 409, code: 'LEASE_HELD' });
    expect(refused.json.detail).toContain(`${run.id} of ticks, process ${newestOwner().pid}`);
    expect(refused.json.detail).toContain(`since ${newestOwner().since}`);
    expect((await second.call('GET', `${pipeline}/status`)).json.observed.state).toBe('DRAFT');
  });

  it('is refused to the same job by bare spark-submit, and the run that has it goes on', async () => {
    const { run } = await status();
    const bare = startBare();
    expect(await exitOf(bare)).toBe(77);
    expect(bareLog()).toContain(`refused: the checkpoint is in use by ${run.id} of ticks`);
    const after = (await status()).progress.batch;
    await waitUntil('more batches', async () => (await status()).progress.batch > after, slow);
    expect((await status()).observed.state).toBe('RUNNING');
  });

  it('is taken over at once when its owner was killed with -9', async () => {
    const { run } = await status();
    process.kill(-run.pid, 'SIGKILL');
    await reach('FAILED');
    const next = await startFirst();
    expect(newestOwner().run).toBe(next.id);
    expect(await newestEpoch()).toBe(2);
  });

  it('is taken over from a paused run after the term, and that run ends itself when it wakes', async () => {
    const { run } = await status();
    process.kill(-run.pid, 'SIGSTOP');
    await waitUntil('a beat older than the term', () => secondsSinceBeat(2) > 10, slow);
    const bare = startBare();
    await waitUntil('another owner', async () => (await newestEpoch()) === 3, slow);
    await waitUntil('its batches', () => existsSync(join(bareControl(), 'progress.json')), slow);
    process.kill(-run.pid, 'SIGCONT');
    const fenced = await reach('FAILED');
    expect(fenced.observed.cause).toMatchObject({ code: 'RUN_FENCED' });
    expect(fenced.observed.cause.sentence).toContain('bare of ticks');
    writeFileSync(join(bareControl(), 'stop'), '{}');
    expect(await exitOf(bare)).toBe(0);
  });

  it('is free at once after a run that ended well, and every row is in the merged file once', async () => {
    const run = await startFirst();
    expect(newestOwner().run).toBe(run.id);
    await first.call('POST', `${pipeline}/stop`);
    await reach('STOPPED');
    const committed = committedRows(join(work, 'data/ticks/generation-1/parts'));
    await waitUntil('all rows', async () => (await status()).merge.rows.rows >= committed, slow);
    const [, ...rows] = readFileSync(join(work, 'data/ticks.csv'), 'utf8').trimEnd().split('\n');
    const values = rows.map((row) => Number(row.split(',')[1])).toSorted((a, b) => a - b);
    expect(values).toEqual(values.map((_, place) => place));
    expect(values).toHaveLength(committed);
  });

  async function status() {
    return (await first.call('GET', `${pipeline}/status`)).json;
  }

  function reach(state: string) {
    const seen = async () => {
      const now = await status();
      return now.observed.state === state ? now : undefined;
    };
    return waitUntil(state, seen, slow);
  }

  /** Starts the pipeline and waits until this run has committed a batch. */
  async function startFirst() {
    const started = await first.call('POST', `${pipeline}/start`);
    expect(started.status).toBe(202);
    await waitUntil('a batch', async () => (await status()).progress, slow);
    return (await status()).run;
  }

  function bareControl(): string {
    return join(first.folder, 'bare');
  }

  function bareLog(): string {
    return readFileSync(join(first.folder, 'bare.log'), 'utf8');
  }

  function startBare(): ChildProcess {
    mkdirSync(bareControl(), { recursive: true });
    const log = openSync(join(first.folder, 'bare.log'), 'w');
    const options = ['--master', 'local[1]', '--conf', 'spark.ui.enabled=false'];
    const job = [join(first.folder, 'job.py'), '--run-id', 'bare', '--control', bareControl()];
    const bare = spawn(runtime.spark.submit, [...options, '--driver-memory', '1g', ...job], {
      cwd: work,
      env: {
        PATH: `${dirname(runtime.python)}:${process.env.PATH}`,
        JAVA_HOME: dirname(dirname(runtime.java.command)),
        SPARK_LOCAL_IP: '127.0.0.1',
      },
      stdio: ['ignore', log, log],
    });
    bareRuns.push(bare);
    return bare;
  }

  async function newestEpoch(): Promise<number> {
    return Math.max(
      ...readdirSync(lease).map((name) => Number(/^epoch-(\d+)$/.exec(name)?.[1] ?? 0)),
    );
  }

  function newestOwner() {
    const names = readdirSync(lease).filter((name) => name.startsWith('epoch-'));
    const newest = names.toSorted((a, b) => Number(a.slice(6)) - Number(b.slice(6))).at(-1) ?? '';
    return JSON.parse(readFileSync(join(lease, newest), 'utf8'));
  }

  function secondsSinceBeat(epoch: number): number {
    const { clock } = JSON.parse(readFileSync(join(lease, `beat-${epoch}`), 'utf8'));
    return Number(process.hrtime.bigint()) / 1e9 - clock;
  }
});

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
