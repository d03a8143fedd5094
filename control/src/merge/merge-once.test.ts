import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { readCommittedLength } from './committed-length.ts';
import { type MergeOnceOptions, mergeOnce } from './merge-once.ts';
import { verifyMerge } from './verify-merge.ts';

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

describe('a merge', () => {
  it('copies committed parts in order under one header and says what it did', async () => {
    spark.commit({ 'part-0-a.csv': 'id,name\n1,"a, b"\n', 'part-1-b.csv': 'id,name\n2,"c\nd"\n' });
    const result = await merge();
    expect(merged()).toBe('id,name\n1,"a, b"\n2,"c\nd"\n');
    expect(result).toEqual({
      parts: 2,
      rows: 2,
      bytes: 25,
      totals: { parts: 2, rows: 2, bytes: 25 },
      cutBack: 0,
      quarantined: [],
      lost: [],
      finishedFiles: [],
    });
  });

  it('adds only what is new the next time, and nothing when nothing is new', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    await merge();
    spark.commit({ 'part-1.csv': 'id\n2\n' });
    expect(await merge()).toMatchObject({ parts: 1, rows: 1, totals: { parts: 2, rows: 2 } });
    const journal = readFileSync(`${into}.journal`);
    expect(await merge()).toMatchObject({ parts: 0, rows: 0 });
    expect(readFileSync(`${into}.journal`)).toEqual(journal);
    expect(merged()).toBe('id\n1\n2\n');
  });

  it('goes on through compacted logs, each part once', async () => {
    for (let batch = 0; batch < 25; batch += 1) {
      spark.commit({ [`part-${batch}.csv`]: `id\n${batch}\n` });
      if (batch % 7 === 0) await merge();
    }
    await merge();
    expect(merged()).toBe(`id\n${Array.from({ length: 25 }, (_, n) => `${n}\n`).join('')}`);
    expect((await verifyMerge(spark.directory, into)).ok).toBe(true);
  });

  it('F16: merges nothing again and goes on when the retention of Spark has taken entries out of its log', async () => {
    for (let n = 0; n < 9; n += 1) spark.commit({ [`part-${n}.csv`]: `id\n${n}\n` });
    await merge();
    const log = join(spark.directory, '_spark_metadata');
    for (let n = 0; n < 9; n += 1) rmSync(join(log, String(n)));
    for (let n = 0; n < 9; n += 1) rmSync(join(log, `.${n}.crc`));
    writeFileSync(join(spark.directory, 'part-9.csv'), 'id\n9\n');
    writeFileSync(join(log, '9.compact'), ['v1', spark.entry('part-9.csv', 5)].join('\n'));
    expect(await merge()).toMatchObject({ parts: 1, rows: 1, totals: { rows: 10 } });
    expect(merged()).toBe(`id\n${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].join('\n')}\n`);
  });

  it('F08: ignores files that Spark did not commit, and verify lists them', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    writeFileSync(join(spark.directory, 'part-1-of-a-killed-task.csv'), 'id\n9\n');
    await merge();
    expect(merged()).toBe('id\n1\n');
    expect((await verifyMerge(spark.directory, into)).orphans).toEqual([
      'part-1-of-a-killed-task.csv',
    ]);
  });

  it('F15: keeps empty, header-only and 0-byte parts from adding anything', async () => {
    spark.commit({
      'part-0.csv': '',
      'part-1.csv': 'id\n',
      'part-2.csv': 'id',
      'part-3.csv': 'id\n7',
    });
    expect(await merge()).toMatchObject({ parts: 4, rows: 1 });
    expect(merged()).toBe('id\n7\n');
    spark.commit({});
    expect(await merge()).toMatchObject({ parts: 0 });
  });

  it('keeps CR LF, adds the same ending where the last record has none, drops a mark before headers', async () => {
    spark.commit({ 'part-0.csv': '\ufeffid\r\n1\r\n2', 'part-1.csv': 'id\n3' });
    await merge();
    expect(merged()).toBe('id\r\n1\r\n2\r\n3\n');
  });

  it('F13: keeps a byte order mark that belongs to the first value of a part without header', async () => {
    spark.commit({ 'part-0.csv': '\ufeffa,1\n', 'part-1.csv': '\ufeffb,2\n' });
    await merge({ header: 'absent' });
    expect(merged()).toBe('\ufeffa,1\n\ufeffb,2\n');
  });

  it('writes given columns once where parts have no header, even before the first row', async () => {
    spark.commit({ 'part-0.csv': '' });
    const options = { header: 'absent', columns: ['id', 'the "name"'] } as const;
    await merge(options);
    expect(merged()).toBe('id,"the ""name"""\n');
    spark.commit({ 'part-1.csv': '1,x\n' });
    await merge(options);
    expect(merged()).toBe('id,"the ""name"""\n1,x\n');
  });

  it('F17: reads names with spaces, percent signs and other scripts', async () => {
    spark.commit({ 'part 100% é 水#?.csv': 'id\n1\n', 'part+%20.csv': 'id\n2\n' });
    expect(await merge()).toMatchObject({ parts: 2 });
  });

  it('goes on where it was after the output folder has moved', async () => {
    spark.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n' });
    await merge();
    const moved = join(folder, 'moved to');
    await rename(spark.directory, moved);
    expect(await merge({ directory: moved })).toMatchObject({ parts: 0, totals: { rows: 2 } });
    expect((await verifyMerge(moved, into)).ok).toBe(true);
  });

  it('merges one partition at a time and says which there are', async () => {
    spark.commit({
      'outcome=row/part-0.txt': 'a,1\n',
      'outcome=dead-letter/part-0.txt': '{"raw":"\\"x"}\n',
    });
    await expect(merge({ header: 'absent' })).rejects.toThrow('outcome=dead-letter, outcome=row');
    await merge({ header: 'absent', columns: ['k', 'n'], only: { outcome: 'row' } });
    expect(merged()).toBe('k,n\na,1\n');
    const dead = join(folder, 'dead.jsonl');
    await merge({ into: dead, format: 'lines', only: { outcome: 'dead-letter' } });
    expect(readFileSync(dead, 'utf8')).toBe('{"raw":"\\"x"}\n');
    const only = { colour: 'red' };
    await expect(merge({ into: join(folder, 'x'), only })).rejects.toEqual(
      refused('MERGE_ONLY_UNKNOWN'),
    );
  });

  it('says how much of the file is committed', async () => {
    expect(await readCommittedLength(into)).toBeUndefined();
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    await merge();
    appendFileSync(into, 'half a r');
    expect(await readCommittedLength(into)).toEqual({ parts: 1, rows: 1, bytes: 5, length: 5 });
    expect(readFileSync(`${into}.committed`, 'utf8')).toBe('5\n');
  });

  it('F15: merges 10,000 tiny parts with few syncs', async () => {
    const parts = Array.from({ length: 10_000 }, (_, n) => [
      `part-${n}.csv`,
      `id,text\n${n},"x"\n`,
    ]);
    spark.commit(Object.fromEntries(parts));
    const started = performance.now();
    expect(await merge()).toMatchObject({ parts: 10_000, rows: 10_000 });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect((await verifyMerge(spark.directory, into)).ok).toBe(true);
  }, 60_000);

  it('commits what is whole when it is told to stop, and goes on from there', async () => {
    for (let n = 0; n < 20; n += 1) spark.commit({ [`part-${n}.csv`]: `id\n${n}\n` });
    const stop = new AbortController();
    stop.abort();
    await expect(merge({ signal: stop.signal })).rejects.toThrow('aborted');
    expect(await merge()).toMatchObject({ totals: { parts: 20, rows: 20 } });
  });

  it('merges any CSV so that a CSV reader sees the same rows', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '\\', 'é', '🚰', '\0', ' '),
      maxLength: 6,
    });
    const table = fc.array(fc.tuple(field, field), { maxLength: 4 });
    const encode = (row: readonly string[]) =>
      `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`;
    await fc.assert(
      fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 5 }), async (parts) => {
        const home = await mkdtemp(join(folder, 'case-'));
        const output = new SparkOutput(join(home, 'parts'));
        const texts = parts.map((rows) => ['k,"v\nw"\n', ...rows.map(encode)].join(''));
        for (const [n, text] of texts.entries()) output.commit({ [`part-${n}.csv`]: text });
        const target = join(home, 'rows.csv');
        await mergeOnce({ directory: output.directory, into: target, header: 'present' });
        expect(parse(readFileSync(target))).toEqual([['k', 'v\nw'], ...parts.flat()]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
