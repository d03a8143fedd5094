import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSparkCluster } from './spark-cluster.ts';

const runtimeFile = join(import.meta.dirname, '..', '..', '.sluice', 'runtime.json');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spark-cluster-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('keeps its workers over a restart of the master, replaces a killed one, and leaves no process', async () => {
  const cluster = await startSparkCluster({ folder, runtimeFile, coresPerWorker: 2 });
  const pids = [cluster.masterPid, ...cluster.workerPids];
  try {
    expect(await describe(cluster.masterUi)).toEqual({ url: cluster.master, cores: 4 });
    await cluster.stopMaster();
    await expect(describe(cluster.masterUi)).rejects.toThrow();
    await cluster.restartMaster();
    expect(await describe(cluster.masterUi)).toEqual({ url: cluster.master, cores: 4 });
    await cluster.killWorker(0);
    await cluster.startWorker();
    expect(cluster.workerPids).toHaveLength(2);
    pids.push(cluster.masterPid, ...cluster.workerPids);
  } finally {
    await Promise.all([cluster.stop(), cluster.stop()]);
  }
  await waitUntil(() => pids.every((pid) => !lives(pid)));
});

it('ends when the process that started it is killed with -9', async () => {
  const program = `const { startSparkCluster } = await import(process.argv[1]);
    const it = await startSparkCluster({ folder: process.argv[2], runtimeFile: process.argv[3], workers: 1 });
    process.stdout.write(JSON.stringify([it.masterPid, ...it.workerPids]), () => process.kill(process.pid, 'SIGKILL'));`;
  const module = join(import.meta.dirname, 'spark-cluster.ts');
  const words = ['--input-type=module', '-e', program, module, folder, runtimeFile];
  const starter = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(starter.stdout), once(starter, 'exit')]);
  const pids: readonly number[] = JSON.parse(said);
  expect(pids).toHaveLength(2);
  await waitUntil(() => pids.every((pid) => !lives(pid)));
});

it('shows the end of the log when a master ends early', async () => {
  const broken = join(folder, 'runtime.json');
  const runtime = JSON.parse(readFileSync(runtimeFile, 'utf8'));
  runtime.java.home = folder;
  writeFileSync(broken, JSON.stringify(runtime));
  await expect(startSparkCluster({ folder, runtimeFile: broken })).rejects.toThrow(
    /The Spark master ended early[\s\S]*bin\/java/,
  );
});

async function describe(masterUi: string): Promise<object> {
  const reply = await fetch(`${masterUi}/json/`);
  const { url, cores } = (await reply.json()) as Record<string, unknown>;
  return { url, cores };
}

async function waitUntil(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('not within 20 s');
    await sleep(50);
  }
}

function lives(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
