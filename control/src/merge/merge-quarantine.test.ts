import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { diskFiles } from './disk-files.ts';
import { readJournal } from './merge-journal.ts';
import { type MergeOnceOptions, mergeOnce } from './merge-once.ts';
import { recordLimit } from './record-dialect.ts';
import { verifyMerge } from './verify-merge.ts';

let folder: string;
let spark: SparkOutput;
let into: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-quarantine-'));
  spark = new SparkOutput(join(folder, 'parts'));
  into = join(folder, 'rows.csv');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function merge(options: Partial<MergeOnceOptions> = {}) {
  return mergeOnce({ directory: spark.directory, into, header: 'present', ...options });
}

const merged = () => readFileSync(into, 'utf8');
const reasons = () => readdirSync(`${into}.quarantine`);
const partAt = (name: string) => join(spark.directory, name);

describe('a part that cannot be trusted', () => {
  it('F06: is left out when it is shorter than committed, with its reason in the quarantine, until it is whole again', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n22\n', 'part-2.csv': 'id\n3\n' });
    truncateSync(partAt('part-1.csv'), 4);
    const result = await merge();
    expect(result).toMatchObject({ parts: 2, rows: 2 });
    expect(result.quarantined).toEqual([
      {
        part: 'part-1.csv',
        file: partAt('part-1.csv'),
        committedBytes: 6,
        code: 'MERGE_PART_SIZE',
        reason: expect.stringContaining('has 4 bytes'),
        next: expect.any(String),
      },
    ]);
    expect(merged()).toBe('id\n1\n3\n');
    const [name = ''] = reasons();
    expect(JSON.parse(readFileSync(join(`${into}.quarantine`, name), 'utf8'))).toEqual(
      result.quarantined[0],
    );
    expect(await verifyMerge(spark.directory, into)).toMatchObject({
      ok: false,
      unreadableParts: ['part-1.csv'],
    });
    writeFileSync(partAt('part-1.csv'), 'id\n22\n');
    expect(await merge()).toMatchObject({ rows: 1, quarantined: [] });
    expect(merged()).toBe('id\n1\n3\n22\n');
    expect(reasons()).toEqual([]);
    expect(await verifyMerge(spark.directory, into)).toMatchObject({ ok: true });
  });

  it('F06: is left out when it has grown since it was committed', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    writeFileSync(partAt('part-0.csv'), 'id\n1\n1\n');
    expect((await merge()).quarantined).toMatchObject([{ code: 'MERGE_PART_SIZE' }]);
    expect(merged()).toBe('id\n2\n');
  });

  it('F07: is left out when it is listed with two sizes, and merged once when listed twice with one', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    spark.list([spark.entry('part-0.csv', 5), spark.entry('part-1.csv', 6)]);
    const conflict = [{ part: 'part-1.csv', code: 'MERGE_PART_CONFLICT' }];
    expect((await merge()).quarantined).toMatchObject(conflict);
    expect(merged()).toBe('id\n1\n');
    spark.commit({ 'part-2.csv': 'id\n3\n' });
    expect((await merge()).quarantined).toMatchObject(conflict);
    expect(merged()).toBe('id\n1\n3\n');
  });

  it('F07: keeps its rows when it was merged before it was listed with another size, and is told', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    await merge();
    spark.list([spark.entry('part-0.csv', 6)]);
    spark.commit({ 'part-2.csv': 'id\n3\n' });
    expect((await merge()).quarantined).toMatchObject([{ code: 'MERGE_PART_CONFLICT' }]);
    expect(merged()).toBe('id\n1\n3\n');
    await expect(merge({ acceptLoss: ['part-0.csv'] })).rejects.toThrow('not in quarantine');
  });

  it('F09: is named with its batch and path when it is missing', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    spark.commit({ 'part-1.csv': 'id\n2\n', 'part-2.csv': 'id\n3\n' });
    rmSync(partAt('part-1.csv'));
    const [held] = (await merge()).quarantined;
    expect(held?.code).toBe('MERGE_PART_MISSING');
    expect(held?.reason).toContain('part-1.csv, committed in batch 1, is not at');
    expect(held?.reason).toContain(partAt('part-1.csv'));
    expect(merged()).toBe('id\n1\n3\n');
  });

  it('F09: is given up only when somebody says so, and the journal keeps who, when and why', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    rmSync(partAt('part-1.csv'));
    await expect(merge({ acceptLoss: ['part-0.csv'] })).rejects.toMatchObject({
      code: 'MERGE_LOSS_UNKNOWN',
    });
    const accepted = await merge({ acceptLoss: ['part-1.csv'] });
    expect(accepted).toMatchObject({ quarantined: [], lost: ['part-1.csv'] });
    expect(reasons()).toEqual([]);
    const journal = await readJournal(diskFiles, `${into}.journal`);
    expect(journal?.entries.find(({ kind }) => kind === 'lost')).toMatchObject({
      part: 'part-1.csv',
      code: 'MERGE_PART_MISSING',
      by: expect.stringContaining('@'),
    });
    expect(await merge()).toMatchObject({ parts: 0, quarantined: [], lost: ['part-1.csv'] });
    expect(await verifyMerge(spark.directory, into)).toMatchObject({
      ok: true,
      lostParts: ['part-1.csv'],
    });
    spark.commit({ 'part-2.csv': 'id\n3\n' });
    expect(await merge()).toMatchObject({ rows: 1, quarantined: [] });
    expect(merged()).toBe('id\n1\n3\n');
  });

  it('F13: is left out when a record is longer than can be, without being held in memory', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    const long = `id\n"${'x'.repeat(recordLimit)}"\n`;
    spark.commit({ 'part-2.csv': long, 'part-3.csv': 'id\n3\n' });
    expect((await merge()).quarantined).toMatchObject([
      { part: 'part-2.csv', code: 'MERGE_RECORD_TOO_LONG' },
    ]);
    expect(merged()).toBe('id\n1\n2\n3\n');
  });

  it('F14: is left out when it has another header: other names, another order, a column more', async () => {
    spark.commit({
      'part-0.csv': 'a,b\n1,2\n',
      'part-1.csv': 'b,a\n2,1\n',
      'part-2.csv': 'a,b,c\n1,2,3\n',
      'part-3.csv': 'a,"b"\n1,2\n',
      'part-4.csv': 'a,b\n3,4\n',
    });
    const { quarantined } = await merge();
    expect(quarantined.map(({ part }) => part)).toEqual(['part-1.csv', 'part-2.csv', 'part-3.csv']);
    expect(new Set(quarantined.map(({ code }) => code))).toEqual(new Set(['MERGE_HEADER_DIFFERS']));
    expect(merged()).toBe('a,b\n1,2\n3,4\n');
    expect(reasons()).toHaveLength(3);
  });

  it('is left out when it ends inside quotes', async () => {
    spark.commit({ 'part-0.csv': 'id\n"2\n', 'part-1.csv': 'id\n"3"\n' });
    expect((await merge()).quarantined).toMatchObject([{ code: 'MERGE_PART_TORN' }]);
    expect(merged()).toBe('id\n"3"\n');
  });

  it.skipIf(process.getuid?.() === 0)('is left out when it may not be read', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    chmodSync(partAt('part-0.csv'), 0);
    expect((await merge()).quarantined).toMatchObject([{ code: 'MERGE_PART_UNREADABLE' }]);
    expect(merged()).toBe('id\n2\n');
  });

  it('is left out when a folder has taken its name', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    rmSync(partAt('part-0.csv'));
    mkdirSync(partAt('part-0.csv'));
    expect((await merge()).quarantined).toHaveLength(1);
    expect(merged()).toBe('id\n2\n');
  });

  it('is reported of a rebuilt file under the name that people know', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    await merge();
    rmSync(partAt('part-1.csv'));
    expect((await merge({ rebuild: true })).quarantined).toHaveLength(1);
    expect(merged()).toBe('id\n1\n');
    expect(reasons()).toEqual(['part-1.csv.json']);
    expect(readdirSync(folder)).not.toContain('rows.csv.rebuild.quarantine');
  });
});
