import { spawnSync } from 'node:child_process';
import { appendFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';

const program = join(import.meta.dirname, '../../test/fixtures/killed-merge.ts');
const megabyte = '0123456,"quoted, text",x\n'.repeat(42_000);

/** Merges what an output has been given, so many bytes, in a process of its own; returns megabytes of memory. */
async function measureMemory(
  write: (spark: SparkOutput) => number,
): Promise<{ readonly most: number; readonly aboveStart: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-memory-'));
  try {
    const spark = new SparkOutput(join(folder, 'parts'));
    const bytes = write(spark);
    const into = join(folder, 'rows.csv');
    const args = [program, spark.directory, into, '0', 'usual'];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(statSync(into).size).toBe(bytes);
    const { memory, memoryAtStart } = JSON.parse(run.stdout);
    return { most: memory / 1024, aboveStart: (memory - memoryAtStart) / 1024 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function writeBigPart(megabytes: number) {
  return (spark: SparkOutput): number => {
    spark.commit({ 'part-0.csv': '' });
    const part = join(spark.directory, 'part-1.csv');
    for (let n = 0; n < megabytes; n += 1) appendFileSync(part, megabyte);
    const { size } = statSync(part);
    spark.list([spark.entry('part-1.csv', size)]);
    return size;
  };
}

function writeTinyParts(count: number) {
  return (spark: SparkOutput): number => {
    const header = 'k,text,v\n';
    const rows = '0123456,"quoted, text",x\n'.repeat(80);
    spark.commit(
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`part-${n}.csv`, header + rows])),
    );
    return header.length + rows.length * count;
  };
}

it('F15: merges a part of 200 MB in the memory that one of 1 MB takes, give or take 50 MB', async () => {
  const small = await measureMemory(writeBigPart(1));
  const big = await measureMemory(writeBigPart(200));
  expect(big.most).toBeLessThan(small.most + 50);
}, 240_000);

it('F15: merges 50,000 parts of 2 kB in less than 100 MB above its start', async () => {
  expect((await measureMemory(writeTinyParts(50_000))).aboveStart).toBeLessThan(100);
}, 180_000);
