import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

describe('npm run demo', () => {
  let folder: string;

  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'sluice-demo-')), 'demo');
  });
  afterAll(() => rmSync(resolve(folder, '..'), { recursive: true, force: true }));

  it('is ended by Ctrl-C in order, and clears away after a kill -9', async () => {
    const killed = startDemo([], folder);
    await killed.waitForText(/RUNNING/);
    killed.process.kill('SIGKILL');
    await waitForNobody(folder);

    const ended = startDemo([], folder);
    await ended.waitForText(/RUNNING/);
    ended.process.kill('SIGINT');
    expect(await ended.exitCode()).toBe(0);
    const order = ['producer', 'pipeline device-events', 'control', 'kafka'];
    const places = order.map((what) => ended.text().lastIndexOf(`stopping ${what}`));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(processesOf(folder)).toEqual([]);
  });

  it('-- --events N merges every row of exactly N events and says so in its last line', async () => {
    const demo = startDemo(['--events', '2000'], folder);
    expect(await demo.exitCode(), demo.text()).toBe(0);
    const result = JSON.parse(demo.output().trimEnd().split('\n').at(-1) ?? '');
    expect(Object.keys(result)).toEqual([
      ...['events', 'rowsExpected', 'rowsMerged', 'missing', 'doubled'],
      ...['secondsToFirstRow', 'seconds'],
    ]);
    expect(result).toMatchObject({ events: 2000, missing: 0, doubled: 0 });
    expect(result.rowsMerged).toBe(result.rowsExpected);
    const lines = readFileSync(join(folder, 'device-events.csv'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(result.rowsMerged + 1);
    expect(processesOf(folder)).toEqual([]);
  });

  it('-- --target standalone does the same on a Spark cluster that it starts and ends', async () => {
    const demo = startDemo(['--events', '2000', '--target', 'standalone'], folder);
    expect(await demo.exitCode(), demo.text()).toBe(0);
    const result = JSON.parse(demo.output().trimEnd().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ events: 2000, missing: 0, doubled: 0 });
    expect(result.rowsMerged).toBe(result.rowsExpected);
    expect(demo.text()).toMatch(/spark: spark:\/\/127\.0\.0\.1:\d+ {2}\(app-/);
    const order = ['control', 'worker-1', 'worker-2', 'master', 'kafka'];
    const places = order.map((what) => demo.text().lastIndexOf(`stopping ${what}`));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(processesOf(folder)).toEqual([]);
  });

  it('refuses a folder that holds files of somebody else, before anything is started', async () => {
    const demo = startDemo([], resolve(import.meta.dirname));
    expect(await demo.exitCode()).toBe(1);
    expect(demo.text()).toContain('holds files that no demo made');
    expect(existsSync(join(import.meta.dirname, 'demo.journey.test.ts'))).toBe(true);
  });
});

/** Runs the command of the README, on free ports and in a folder of the test's. */
function startDemo(words: readonly string[], folder: string) {
  const child: ChildProcess = spawn('npm', ['run', '--silent', 'demo', '--', ...words], {
    cwd: root,
    env: { ...process.env, ...demoSettings(folder) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Signals go to the demo alone, as npm passes them on; a group of its own keeps them from vitest.
    detached: true,
  });
  let output = '';
  let talk = '';
  child.stdout?.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    talk += bytes;
  });
  const exit = once(child, 'close').then(([code]) => code as number);
  return {
    process: demoProcess(folder),
    output: () => output,
    text: () => talk,
    exitCode: () => exit,
    waitForText: (wanted: RegExp) =>
      until(
        () => wanted.test(talk) || child.exitCode !== null,
        () => `no ${wanted} in:\n${talk}`,
      ).then(() => expect(talk).toMatch(wanted)),
  };
}

function demoSettings(folder: string) {
  return { SLUICE_DEMO_FOLDER: folder, SLUICE_PORT: '0', SLUICE_KAFKA_PORT: '0', NO_COLOR: '1' };
}

/** Signals the demo's own process, whose identity its ledger keeps: npm and the launcher stand above it. */
function demoProcess(folder: string) {
  return {
    kill: (signal: NodeJS.Signals) => {
      const { demo } = JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8'));
      process.kill(demo.pid, signal);
    },
  };
}

/** Command lines and environments of live processes that name a folder. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readText(`/proc/${pid}/environ`).includes(folder))
    .map((pid) => readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
    .filter((command) => command !== '');
}

async function waitForNobody(folder: string): Promise<void> {
  await until(
    () => processesOf(folder).length === 0,
    () => processesOf(folder).join('\n'),
  );
}

async function until(isReached: () => boolean, describeWhy: () => string): Promise<void> {
  const deadline = performance.now() + 100_000;
  while (!isReached()) {
    if (performance.now() > deadline) throw new Error(describeWhy());
    await sleep(50);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
