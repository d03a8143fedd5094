import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { waitUntil } from '../../test/fixtures/wait-until.ts';
import { identifyProcess, isAlive } from '../process-identity.ts';
import { FollowedFile } from './followed-file.ts';
import { MergeProcess } from './merge-process.ts';

const program = join(import.meta.dirname, '../../test/fixtures/merging-service.ts');
const minute = 60_000;
let folder: string;
let spark: SparkOutput;
let into: string;
let merging: MergeProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-merging-'));
  spark = new SparkOutput(join(folder, 'parts'));
  into = join(folder, 'rows.csv');
  merging = new MergeProcess();
});
afterEach(async () => {
  await merging.close();
  await rm(folder, { recursive: true, force: true });
});

function follow(everyMs: number): FollowedFile {
  const merge = { directory: spark.directory, into, header: 'present' } as const;
  return new FollowedFile({ merge, everyMs, process: merging, report: () => undefined });
}

describe('the process that merges', () => {
  it('takes a new batch long before the polling interval is over', async () => {
    spark.commit({ 'part-0.csv': 'id\n0\n' });
    const file = follow(minute);
    await waitUntil('the first row', () => file.progress.rows === 1);
    const delays: number[] = [];
    for (let n = 1; n <= 10; n += 1) {
      const at = performance.now();
      spark.commit({ [`part-${n}.csv`]: `id\n${n}\n` });
      await waitUntil('the next row', () => readFileSync(into, 'utf8').endsWith(`\n${n}\n`));
      delays.push(performance.now() - at);
    }
    await file.stop();
    // 200 ms are promised on a quiet machine; this one may be busy, and a poll would take a minute.
    expect(delays.toSorted((one, other) => one - other)[5]).toBeLessThan(2000);
  });

  it('is started again after its death, and no row is lost or doubled', async () => {
    spark.commit({ 'part-0.csv': 'id\n0\n' });
    const file = follow(20);
    await waitUntil('the first row', () => file.progress.rows === 1);
    const first = merging.pid ?? 0;
    process.kill(first, 'SIGKILL');
    spark.commit({ 'part-1.csv': 'id\n1\n' });
    await waitUntil('the second row', () => file.progress.rows === 2);
    expect(merging.pid).not.toBe(first);
    await file.stop();
    expect(readFileSync(into, 'utf8')).toBe('id\n0\n1\n');
  });

  it('ends by itself when the service that started it is killed, and lets the file go', async () => {
    spark.commit({ 'part-0.csv': 'id\n0\n' });
    const service = spawn(process.execPath, [program, spark.directory, into]);
    let said = '';
    service.stdout.on('data', (text) => {
      said += text;
    });
    await waitUntil('the first row', () => said.includes('"rows":1'));
    const worker = identifyProcess(JSON.parse(said.split('\n')[0] ?? '').pid);
    const gone = once(service, 'exit');
    service.kill('SIGKILL');
    await gone;
    expect(worker).toBeDefined();
    await waitUntil('the end of the merge process', () => !worker || !isAlive(worker));
    spark.commit({ 'part-1.csv': 'id\n1\n' });
    const file = follow(20);
    await waitUntil('the second row', () => file.progress.rows === 2);
    await file.stop();
  });

  it('says by a state and a cause what of a file does not go on, and goes on with the rest', async () => {
    spark.commit({ 'part-0.csv': 'id\n0\n', 'part-1.csv': 'no\n1\n', 'part-2.csv': 'id\n2\n' });
    const file = follow(20);
    await waitUntil('the sound rows', () => file.progress.rows === 2);
    await waitUntil('the cause', () => file.progress.state === 'DEGRADED');
    expect(file.progress).toMatchObject({
      quarantinedParts: 1,
      pendingParts: 1,
      cause: { code: 'MERGE_HEADER_DIFFERS' },
    });
    await file.stop();
  });
});
