import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

describe('npm run demo:aws', () => {
  let folder: string;

  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'sluice-demo-aws-')), 'demo');
  });
  afterAll(() => rmSync(resolve(folder, '..'), { recursive: true, force: true }));

  it('leaves no process behind when it is killed while the job runs', async () => {
    const demo = startDemo([], folder);
    await demo.waitForText(/STARTING|RUNNING/);
    const { demo: identity } = JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8'));
    process.kill(identity.pid, 'SIGKILL');
    await until(
      () => processesOf(folder).length === 0,
      () => processesOf(folder).join('\n'),
    );
  });

  it('brings every cell of three snapshots into the merged file, and says so in its last line', async () => {
    const demo = startDemo([], folder);
    expect(await demo.exitCode(), demo.text()).toBe(0);
    const result = JSON.parse(demo.output().trimEnd().split('\n').at(-1) ?? '');
    expect(Object.keys(result)).toEqual([
      ...['snapshots', 'rowsExpected', 'rowsMerged', 'missing', 'doubled', 'wrongCells', 'seconds'],
    ]);
    expect(result).toMatchObject({ snapshots: 3, missing: 0, doubled: 0, wrongCells: 0 });
    expect(result.rowsExpected).toBeGreaterThan(200);
    expect(result.rowsMerged).toBe(result.rowsExpected);
    expect(processesOf(folder)).toEqual([]);
  });

  it('says what it takes when it is called wrongly', async () => {
    const demo = startDemo(['--fast'], folder);
    expect(await demo.exitCode()).toBe(2);
    expect(demo.text()).toContain('`--live`');
  });
});

/** Runs the command of docs/aws.md, on a free port and in a folder of the test's. */
function startDemo(words: readonly string[], folder: string) {
  const child: ChildProcess = spawn('npm', ['run', '--silent', 'demo:aws', '--', ...words], {
    cwd: root,
    env: { ...process.env, SLUICE_DEMO_FOLDER: folder, SLUICE_PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
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

/** Command lines of live processes that name a folder there or in their environment. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) =>
        readText(`/proc/${pid}/environ`).includes(folder) ||
        readText(`/proc/${pid}/cmdline`).includes(folder),
    )
    .map((pid) => readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
    .filter((command) => command !== '');
}

async function until(isReached: () => boolean, describeWhy: () => string): Promise<void> {
  const deadline = performance.now() + 150_000;
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
