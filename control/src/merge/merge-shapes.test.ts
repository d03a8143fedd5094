import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { type MergeOnceOptions, mergeOnce } from './merge-once.ts';
import { addPartitionColumns } from './partition-columns.ts';
import { rfc4180 } from './record-dialect.ts';
import { verifyMerge } from './verify-merge.ts';

let folder: string;
let spark: SparkOutput;
let into: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-shapes-'));
  spark = new SparkOutput(join(folder, 'generation-1', 'parts'));
  into = join(folder, 'rows.csv');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function merge(options: Partial<MergeOnceOptions> = {}) {
  return mergeOnce({ directory: spark.directory, into, header: 'present', ...options });
}

const merged = () => readFileSync(into, 'utf8');

describe('parts that are packed by gzip', () => {
  it('come out unpacked, small and big ones, with the header found by itself', async () => {
    const big = `id,text\n${Array.from({ length: 60_000 }, (_, n) => `${n},"${Math.sin(n)}"\n`).join('')}`;
    spark.commit({
      'part-0.csv.gz': gzipSync('id,text\n"a\nb",1\n'),
      'part-1.csv.gz': gzipSync(big),
    });
    const result = await merge({ header: 'auto' });
    expect(result).toMatchObject({ rows: 60_001, quarantined: [] });
    expect(merged()).toBe(`id,text\n"a\nb",1\n${big.slice('id,text\n'.length)}`);
    expect((await verifyMerge(spark.directory, into)).ok).toBe(true);
  });

  it('go into quarantine when they are damaged or end too early, without the rows before', async () => {
    const packed = gzipSync(`id\n${'1\n'.repeat(1000)}`);
    const flipped = Buffer.from(packed);
    flipped[packed.length - 6] = 7;
    spark.commit({
      'part-0.csv.gz': gzipSync('id\n7\n'),
      'part-1.csv.gz': packed.subarray(0, -9),
      'part-2.csv.gz': flipped,
      'part-3.csv.gz': Buffer.from('no gzip'),
    });
    const { quarantined } = await merge();
    expect(quarantined.map(({ code }) => code)).toEqual(Array(3).fill('MERGE_PART_UNREADABLE'));
    expect(merged()).toBe('id\n7\n');
  });
});

describe('columns of partition folders', () => {
  it('F17: are added to each row when asked for, under their names, with awkward values quoted', async () => {
    spark.commit({
      'day=2026-11-24/who=a%2Cb/part-0.csv': 'id\n1\n"2\n2"\n',
      'day=__HIVE_DEFAULT_PARTITION__/who=%22/part-0.csv': 'id\r\n3\r\n4',
    });
    await expect(merge()).rejects.toMatchObject({ code: 'MERGE_PARTITIONED' });
    await merge({ partitionColumns: ['day', 'who'] });
    expect(merged()).toBe(
      'id,day,who\n1,2026-11-24,"a,b"\n"2\n2",2026-11-24,"a,b"\n3,,""""\r\n4,,""""\r\n',
    );
    expect((await verifyMerge(spark.directory, into)).ok).toBe(true);
    expect(await merge({ partitionColumns: ['day', 'who'] })).toMatchObject({ parts: 0 });
  });

  it('stand behind the columns that are given for parts without headers', async () => {
    spark.commit({ 'k=x/part-0.csv': '1\n', 'k=y/part-1.csv': '2\n' });
    await merge({ header: 'absent', columns: ['id'], partitionColumns: ['k'] });
    expect(merged()).toBe('id,k\n1,x\n2,y\n');
    expect((await verifyMerge(spark.directory, into)).ok).toBe(true);
  });

  it('are added alike whatever the chunks', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n'),
      maxLength: 4,
    });
    const rows = fc.array(field, { minLength: 1, maxLength: 5 });
    const ending = fc.constantFrom('\n', '\r\n');
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 3 }));
    await fc.assert(
      fc.asyncProperty(rows, ending, sizes, async (values, end, steps) => {
        const bytes = Buffer.from(
          values.map((value) => `"${value.replaceAll('"', '""')}"${end}`).join(''),
        );
        const part = {
          name: '',
          relativePath: '',
          absolutePath: '',
          size: 0,
          batch: '0',
          partitions: { k: 'v' },
        };
        const settings = { ...rfc4180, header: 'absent', partitionColumns: ['k'] } as const;
        const out: Buffer[] = [];
        for await (const chunk of addPartitionColumns(part, cut(bytes, steps), settings))
          out.push(chunk);
        expect(parse(Buffer.concat(out))).toEqual(values.map((value) => [value, 'v']));
      }),
    );
  });
});

function* cut(bytes: Buffer, sizes: Iterable<number>): Generator<Buffer> {
  let from = 0;
  for (const size of sizes) {
    if (from >= bytes.length) return;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

describe('several generations of one output', () => {
  it('are merged in their order, and equal names in them are different parts', async () => {
    const second = new SparkOutput(join(folder, 'generation-2', 'parts'));
    spark.commit({ 'part-0.csv': 'id\n1\n' });
    await merge();
    second.commit({ 'part-0.csv': 'id\n2\n' });
    spark.commit({ 'part-1.csv': 'id\n1.1\n' });
    const further = [second.directory, join(folder, 'generation-3', 'parts')];
    expect(await merge({ further })).toMatchObject({ parts: 2, rows: 2 });
    expect(merged()).toBe('id\n1\n1.1\n2\n');
    expect(await merge({ further })).toMatchObject({ parts: 0 });
    expect((await verifyMerge(spark.directory, into, { further })).ok).toBe(true);
    expect((await verifyMerge(spark.directory, into)).ok).toBe(false);
  });
});
