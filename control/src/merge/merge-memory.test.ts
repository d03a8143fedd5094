import { spawnSync } from 'node:child_process';
import { appendFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';

const program = join(import.meta.dirname, '../../test/fixtures/killed-merge.ts');
const megabyte = '0123456,"quoted, text",x\n'.repeat(42_000);

/** Merges one part of that many megabytes in a process of its own; returns its most memory in megabytes. */
async function memoryFor(megabytes: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-memory-'));
  try {
    const spark = new SparkOutput(join(folder, 'parts'));
    spark.commit({ 'part-0.csv': '' });
    const part = join(spark.directory, 'part-1.csv');
    for (let n = 0; n < megabytes; n += 1) appendFileSync(part, megabyte);
    spark.list([spark.entry('part-1.csv', statSync(part).size)]);
    const args = [program, spark.directory, join(folder, 'rows.csv'), '0', 'usual'];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(statSync(join(folder, 'rows.csv')).size).toBe(statSync(part).size);
    return JSON.parse(run.stdout).memory / 1024;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('F15: merges a part of 200 MB in the memory that one of 1 MB takes, give or take 50 MB', async () => {
  const small = await memoryFor(1);
  expect(await memoryFor(200)).toBeLessThan(small + 50);
}, 60_000);
