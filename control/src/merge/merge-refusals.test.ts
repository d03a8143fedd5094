import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { type MergeOnceOptions, mergeOnce } from './merge-once.ts';

let folder: string;
let spark: SparkOutput;
let into: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-merge-'));
  spark = new SparkOutput(join(folder, 'parts'));
  into = join(folder, 'merged', 'rows.csv');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function merge(options: Partial<MergeOnceOptions> = {}) {
  return mergeOnce({ directory: spark.directory, into, header: 'present', ...options });
}

const merged = () => readFileSync(into, 'utf8');
const refused = (code: string) => expect.objectContaining({ code });

describe('a merge that cannot be right', () => {
  it('refuses a folder without committed batches and makes no file', async () => {
    await expect(merge()).rejects.toEqual(refused('MERGE_NOTHING_COMMITTED'));
    expect(() => merged()).toThrow('ENOENT');
  });

  it.each([
    ['rows added to it', (file: string) => appendFileSync(file, '9\n')],
    ['a shorter end', (file: string) => truncateSync(file, 5)],
    ['another row of the same length', (file: string) => writeFileSync(file, 'id\n1\n3\n')],
    ['nothing left of it', (file: string) => rmSync(file)],
  ])('F11: refuses a merged file with %s, until it is rebuilt', async (_, edit) => {
    spark.commit({ 'part-0.csv': 'id\n1\n2\n' });
    await merge();
    spark.commit({ 'part-1.csv': 'id\n4\n' });
    edit(into);
    await expect(merge()).rejects.toEqual(refused('MERGE_FILE_CHANGED'));
    await merge({ rebuild: true });
    expect(merged()).toBe('id\n1\n2\n4\n');
    expect(await merge()).toMatchObject({ parts: 0 });
  });

  it('refuses a file that it did not begin, until it is rebuilt', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    await merge({ into: join(folder, 'other', 'x.csv') });
    writeFileSync(join(folder, 'other', 'mine.csv'), 'precious\n');
    const mine = { into: join(folder, 'other', 'mine.csv') };
    await expect(merge(mine)).rejects.toEqual(refused('MERGE_FILE_FOREIGN'));
    expect(readFileSync(mine.into, 'utf8')).toBe('precious\n');
    await merge({ ...mine, rebuild: true });
    expect(readFileSync(mine.into, 'utf8')).toBe('id\n1\n');
  });

  it('refuses other settings than the file was begun with', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    await merge();
    await expect(merge({ header: 'absent' })).rejects.toEqual(refused('MERGE_SETTINGS_CHANGED'));
    const other = new SparkOutput(join(folder, 'other parts'));
    other.commit({ 'part-9.csv': 'id\n1\n' });
    await expect(merge({ directory: other.directory })).rejects.toThrow('source');
  });
});
