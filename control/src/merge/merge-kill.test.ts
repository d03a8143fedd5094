import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { readCommittedLength } from './committed-length.ts';
import { mergeOnce } from './merge-once.ts';
import { verifyMerge } from './verify-merge.ts';

const program = join(import.meta.dirname, '../../test/fixtures/killed-merge.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-kill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function commitParts(spark: SparkOutput, batch: number): void {
  const rows = (n: number) =>
    Array.from({ length: 400 }, (_, row) => `${batch}-${n}-${row},"two\nlines"\n`).join('');
  const names = Array.from({ length: 8 }, (_, n) => n);
  spark.commit(Object.fromEntries(names.map((n) => [`part-${batch}-${n}.csv`, `k,v\n${rows(n)}`])));
}

function runKilled(into: string, killAt: number, how: string) {
  const args = [program, join(folder, 'parts'), into, String(killAt), how];
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

/** Kills at changes spread over the whole run, in one file again and again: what one kill left the next one finds. */
async function killAgainAndAgain(how: 'merge' | 'rebuild', kills: number): Promise<void> {
  const spark = new SparkOutput(join(folder, 'parts'));
  commitParts(spark, 0);
  const { changes } = JSON.parse(runKilled(join(folder, 'whole.csv'), 0, how).stdout);
  const into = join(folder, 'rows.csv');
  let killed = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = await committedRows(into);
    const run = runKilled(into, Math.ceil((kill * changes) / (kills + 1)), how);
    expect([0, null], run.stderr).toContain(run.status);
    if (run.signal === 'SIGKILL') killed += 1;
    if (how === 'merge') expect(await committedRows(into)).toBeGreaterThanOrEqual(before);
    commitParts(spark, kill);
  }
  expect(killed).toBeGreaterThanOrEqual(kills - 1);
  await mergeOnce({ directory: spark.directory, into, header: 'present' });
  expect(await verifyMerge(spark.directory, into)).toMatchObject({ ok: true, uncommittedTail: 0 });
  const journal = readFileSync(`${into}.journal`);
  await mergeOnce({ directory: spark.directory, into, header: 'present' });
  expect(readFileSync(`${into}.journal`)).toEqual(journal);
}

async function committedRows(into: string): Promise<number> {
  return existsSync(into) ? ((await readCommittedLength(into))?.rows ?? 0) : 0;
}

describe('a merge killed by SIGKILL (F01)', () => {
  it('keeps every row once after 12 kills', () => killAgainAndAgain('merge', 12), 60_000);
  it(
    'keeps every row once after 6 kills of rebuilds',
    () => killAgainAndAgain('rebuild', 6),
    60_000,
  );
});
