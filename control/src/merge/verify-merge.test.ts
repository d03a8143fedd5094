import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { mergeOnce } from './merge-once.ts';
import { hashRecord } from './record-hash.ts';
import { verifyMerge } from './verify-merge.ts';

let folder: string;
let spark: SparkOutput;
let into: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-verify-'));
  spark = new SparkOutput(join(folder, 'parts'));
  into = join(folder, 'rows.csv');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function mergeRows(...parts: readonly string[]): Promise<void> {
  spark.commit(Object.fromEntries(parts.map((text, n) => [`part-${n}.csv`, `k,v\n${text}`])));
  await mergeOnce({ directory: spark.directory, into, header: 'present' });
}

describe('verifying a merged file', () => {
  it('finds a right one right, with its numbers, in any order of rows', async () => {
    await mergeRows('a,1\nb,"2\n2"\n', 'c,3\n', '');
    const right = { ok: true, partRows: 3, mergedRows: 3, missing: 0, doubled: 0, foreign: 0 };
    expect(await verifyMerge(spark.directory, into)).toMatchObject({
      ...right,
      header: 'same',
      journal: 'used',
      uncommittedTail: 0,
      pendingParts: 0,
      damagedParts: [],
      bytes: readFileSync(into).length,
    });
    rmSync(`${into}.journal`);
    writeFileSync(into, 'k,v\r\nc,3\r\na,1\r\nb,"2\n2"');
    const options = { header: 'present' } as const;
    expect(await verifyMerge(spark.directory, into, options)).toMatchObject({
      ...right,
      journal: 'absent',
    });
  });

  it('counts missing, doubled and foreign rows and shows them', async () => {
    await mergeRows('a,1\na,1\nb,2\n', 'c,3\nd,4\n');
    rmSync(`${into}.journal`);
    writeFileSync(into, 'k,v\na,1\nc,3\nc,3\nc,3\nx,9\n');
    const options = { header: 'present', recordsPerRound: 2 } as const;
    const result = await verifyMerge(spark.directory, into, options);
    expect(result).toMatchObject({ ok: false, partRows: 5, mergedRows: 5 });
    expect(result).toMatchObject({ missing: 3, doubled: 2, foreign: 1 });
    expect(result.examples.missing.toSorted()).toEqual(['a,1', 'b,2', 'd,4']);
    expect(result.examples.doubled).toEqual(['c,3', 'c,3']);
    expect(result.examples.foreign).toEqual(['x,9']);
  });

  it('names the part whose bytes were changed, and another header', async () => {
    await mergeRows('a,1\n', 'b,2\n');
    writeFileSync(into, readFileSync(into, 'utf8').replace('b,2', 'b,7').replace('k,v', 'k,w'));
    expect(await verifyMerge(spark.directory, into)).toMatchObject({
      ok: false,
      header: 'different',
      damagedParts: ['header', 'part-1.csv'],
      missing: 1,
      foreign: 1,
    });
  });

  it('tells an uncommitted tail and parts that are not merged yet', async () => {
    await mergeRows('a,1\n');
    appendFileSync(into, 'b,');
    expect(await verifyMerge(spark.directory, into)).toMatchObject({
      ok: true,
      uncommittedTail: 2,
    });
    spark.commit({ 'part-9.csv': 'k,v\nb,2\n' });
    expect(await verifyMerge(spark.directory, into)).toMatchObject({
      ok: false,
      missing: 1,
      pendingParts: 1,
    });
  });

  it('works with a damaged journal too, and refuses a file that is not there', async () => {
    await mergeRows('a,1\n');
    writeFileSync(`${into}.journal`, `x${readFileSync(`${into}.journal`, 'utf8')}`);
    const options = { header: 'present' } as const;
    expect(await verifyMerge(spark.directory, into, options)).toMatchObject({
      ok: true,
      journal: 'damaged',
    });
    await expect(verifyMerge(spark.directory, join(folder, 'none'))).rejects.toThrow(
      'no merged file',
    );
  });
});

describe('hashRecord', () => {
  it('tells records apart by every byte and by their length', () => {
    const hash = (bytes: Uint8Array) => Object.values(hashRecord(bytes, 0, bytes.length)).join();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (bytes, at) => {
        const other = bytes.slice();
        other[at % bytes.length] = (other[at % bytes.length] ?? 0) ^ 1;
        expect(hash(other)).not.toBe(hash(bytes));
        expect(hash(Uint8Array.of(...bytes, 0))).not.toBe(hash(bytes));
      }),
    );
    const seen = new Set(Array.from({ length: 50_000 }, (_, n) => hash(Buffer.from(`k${n},${n}`))));
    expect(seen.size).toBe(50_000);
  });
});
