import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../test/fixtures/wait-until.ts';
import { readRuntime } from '../executors/runtime.ts';
import { lintSpec } from '../lint/lint-spec.ts';
import { generateJob } from './generate-job.ts';

const runtime = readRuntime(new URL('../../../.sluice/runtime.json', import.meta.url).pathname);
const slow = 120_000;
const spec = `pipeline: ticks
source: { rate: { rows-per-second: 20 } }
sink: { csv: { path: data/ticks } }
trigger: 1 second
`;

describe('reports of a job that somebody submits with --jars, which makes Spark keep checksum files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-reports-'));
  const control = join(folder, 'control');
  const log = join(folder, 'driver.log');
  let driver: ChildProcess;

  beforeAll(() => {
    const { pipeline } = lintSpec(spec, { roots: [folder], workFolder: folder });
    writeFileSync(join(folder, 'job.py'), pipeline ? generateJob(pipeline).text : '');
    mkdirSync(control);
    const output = openSync(log, 'w');
    const place = ['--master', 'local[1]', '--driver-memory', '512m'];
    const jars = ['--jars', runtime.spark.jars.join(',')];
    const job = ['job.py', '--control', control, '--run-id', 'bare'];
    driver = spawn(runtime.spark.submit, [...place, ...jars, ...job], {
      ...{ cwd: folder, detached: true, stdio: ['ignore', output, output] },
      env: {
        PATH: `${dirname(runtime.python)}:${process.env.PATH}`,
        JAVA_HOME: dirname(dirname(runtime.java.command)),
        SPARK_LOCAL_IP: '127.0.0.1',
      },
    });
  });
  afterAll(async () => {
    if (!hasEnded()) {
      process.kill(-(driver.pid ?? 0), 'SIGKILL');
      await once(driver, 'exit');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('are each replaced by the next while it runs', async () => {
    await waitUntil('a batch', () => read('progress.json')?.totals.batches, slow);
    const alive = read('alive.json')?.at;
    await waitUntil('two more', () => (read('progress.json')?.totals.batches ?? 0) > 2, slow);
    await waitUntil('another sign', () => read('alive.json')?.at !== alive, slow);
  });

  it('say how it ended, and leave no other files behind', async () => {
    writeFileSync(join(control, 'stop'), '{"run":"bare"}');
    await waitUntil('its end', hasEnded, slow);
    expect(driver.exitCode, readFileSync(log, 'utf8')).toBe(0);
    expect(read('end.json')).toMatchObject({ run: 'bare', outcome: 'stopped' });
    expect(read('end.json')?.batch).toBe(read('progress.json')?.batch);
    expect(readdirSync(control).toSorted()).toEqual(files);
  });

  function hasEnded(): boolean {
    return driver.exitCode !== null || driver.signalCode !== null;
  }

  /** A report as it is now; throws when it is not whole. */
  function read(name: string): Report | undefined {
    if (!readdirSync(control).includes(name)) return undefined;
    return JSON.parse(readFileSync(join(control, name), 'utf8')) as Report;
  }
});

const files = ['alive.json', 'end.json', 'progress.json', 'stop'];

/** What these tests read of reports. */
interface Report {
  readonly at: string;
  readonly batch: number;
  readonly totals: { readonly batches: number };
}
