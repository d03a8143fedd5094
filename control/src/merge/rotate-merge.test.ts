import { readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { type MergeOnceOptions, mergeOnce } from './merge-once.ts';
import { isRotationDue } from './rotate-merge.ts';
import { verifyMerge } from './verify-merge.ts';

let folder: string;
let spark: SparkOutput;
let into: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-rotate-'));
  spark = new SparkOutput(join(folder, 'parts'));
  into = join(folder, 'merged', 'rows.csv');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function merge(options: Partial<MergeOnceOptions> = {}) {
  const rotate = { rows: 3 };
  return mergeOnce({ directory: spark.directory, into, header: 'present', rotate, ...options });
}

const read = (name: string) => readFileSync(join(folder, 'merged', name), 'utf8');

function commit(from: number, to: number): void {
  for (let n = from; n < to; n += 1) spark.commit({ [`part-${n}.csv`]: `id\n${n}\n${n}\n` });
}

describe('a rotated merged file', () => {
  it('is finished at the end of the part with which it reaches the limit, each file with the header', async () => {
    commit(0, 5);
    const result = await merge();
    expect(result.finishedFiles).toEqual(['rows-000001.csv', 'rows-000002.csv']);
    expect(result.totals).toMatchObject({ parts: 5, rows: 10 });
    expect(read('rows-000001.csv')).toBe('id\n0\n0\n1\n1\n');
    expect(read('rows-000002.csv')).toBe('id\n2\n2\n3\n3\n');
    expect(read('rows.csv')).toBe('id\n4\n4\n');
    expect(read('rows.csv.committed')).toBe('7\n');
    expect(await verifyMerge(spark.directory, into)).toMatchObject({ ok: true, mergedRows: 10 });
  });

  it('is listed in a manifest, and latest is the newest finished file', async () => {
    commit(0, 2);
    await merge();
    const manifest = JSON.parse(read('rows.manifest.json'));
    expect(manifest).toMatchObject({ version: 1, latest: 'rows-000001.csv' });
    expect(manifest.files).toMatchObject([
      { file: 'rows-000001.csv', parts: 2, rows: 4, bytes: 11, at: expect.any(String) },
    ]);
    expect(realpathSync(join(folder, 'merged', 'rows.latest.csv'))).toContain('rows-000001.csv');
    commit(2, 4);
    await merge();
    expect(read('rows.latest.csv')).toBe('id\n2\n2\n3\n3\n');
  });

  it('goes on with its numbers and merges nothing twice when finished files were taken away', async () => {
    commit(0, 4);
    await merge();
    rmSync(join(folder, 'merged', 'rows-000001.csv'));
    rmSync(join(folder, 'merged', 'rows-000002.csv'));
    commit(4, 6);
    await merge();
    expect(readdirSync(join(folder, 'merged'))).toContain('rows-000003.csv');
    expect(read('rows-000003.csv')).toBe('id\n4\n4\n5\n5\n');
    await expect(verifyMerge(spark.directory, into)).rejects.toThrow('rows-000001.csv');
  });

  it('never overwrites a file that is not its own', async () => {
    commit(0, 1);
    await merge();
    writeFileSync(join(folder, 'merged', 'rows-000001.csv'), 'precious\n');
    commit(1, 2);
    expect((await merge()).finishedFiles).toEqual(['rows-000002.csv']);
    expect(read('rows-000001.csv')).toBe('precious\n');
  });

  it('writes columns given by the caller into each file', async () => {
    spark.commit({ 'part-0.csv': '0\n0\n0\n', 'part-1.csv': '1\n' });
    await merge({ header: 'absent', columns: ['id'] });
    expect(read('rows-000001.csv')).toBe('id\n0\n0\n0\n');
    expect(read('rows.csv')).toBe('id\n1\n');
    expect((await verifyMerge(spark.directory, into)).ok).toBe(true);
  });

  it('is finished by its age even when nothing new comes', async () => {
    commit(0, 1);
    await merge({ rotate: { ms: 3_600_000 } });
    expect((await merge({ rotate: { ms: 1 } })).finishedFiles).toEqual(['rows-000001.csv']);
    expect(read('rows.csv')).toBe('id\n');
    expect((await merge({ rotate: { ms: 1 } })).finishedFiles).toHaveLength(1);
  });

  it('is finished by its size, at the end of a part', async () => {
    commit(0, 3);
    await merge({ rotate: { bytes: 7 } });
    expect(read('rows-000003.csv')).toBe('id\n2\n2\n');
  });

  it('is not rebuilt, because a rebuild puts one file in the place of one', async () => {
    commit(0, 2);
    await merge();
    await expect(merge({ rebuild: true })).rejects.toMatchObject({ code: 'MERGE_REBUILD_ROTATED' });
  });
});

describe('the limits of a rotation', () => {
  it.each([
    [{ rows: 10 }, { rows: 9 }, false],
    [{ rows: 10 }, { rows: 10 }, true],
    [{ bytes: 100 }, { bytes: 99 }, false],
    [{ bytes: 100 }, { bytes: 100 }, true],
    [{ ms: 1000 }, { since: '1970-01-01T00:00:09.001Z' }, false],
    [{ ms: 1000 }, { since: '1970-01-01T00:00:09.000Z' }, true],
    [{ ms: 1000 }, { since: '1970-01-01T00:00:00.000Z', rows: 0 }, false],
  ])('%j are reached by a file with %j: %s', (limits, file, due) => {
    const whole = { rows: 1, bytes: 1, since: undefined, ...file };
    expect(isRotationDue(limits, whole, 10_000)).toBe(due);
  });
});
