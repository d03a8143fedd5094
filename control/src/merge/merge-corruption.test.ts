import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { type MergeResult, mergePending } from './merge-once.ts';
import type { MergeOptions } from './merge-settings.ts';

const into = '/merged/rows.csv';
const log = '/out/_spark_metadata';
const options: MergeOptions = { directory: '/out', into, header: 'present' };
const ids = ['1f0c9a', '7be4d2', 'c5a803', '92d6ef', '4e17bb', 'a83f56'];
const whole = `id\n${ids.map((_, n) => `row ${n}\n`).join('')}`;
const rowsOf = (text: string) => text.split('\n').sort().join('\n');

/** Four parts in two batches are merged, two more are committed; the log is compacted when asked for. */
async function prepare(compact: boolean): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const spark = new SparkOutput('/out', (path, text) => disk.put(path, text), compact ? 3 : 10);
  const part = (n: number) => [`part-0000${n}-${ids[n]}.csv`, `id\nrow ${n}\n`] as const;
  spark.commit(Object.fromEntries([part(0), part(1)]));
  await mergePending({ port: disk }, options);
  spark.commit(Object.fromEntries([part(2), part(3)]));
  await mergePending({ port: disk }, options);
  spark.commit(Object.fromEntries([part(4), part(5)]));
  return disk;
}

/** Merges after one file was spoilt: it must be refused by name, or say what is left out, or be exactly right. */
async function mergeSpoilt(disk: SimulatedDisk, file: string, bytes: Buffer): Promise<string> {
  const spoilt = disk.copy();
  spoilt.put(file, bytes);
  const before = spoilt.peek(into)?.toString() ?? '';
  const outcome: MergeResult | unknown = await mergePending({ port: spoilt }, options).catch(
    (error: unknown) => error,
  );
  const after = spoilt.peek(into)?.toString() ?? '';
  if (outcome instanceof SluiceError) return after === before ? 'refused' : `changed: ${after}`;
  if (outcome instanceof Error) return `failed: ${outcome.stack}`;
  const { quarantined } = outcome as MergeResult;
  if (quarantined.length > 0) return isPartOf(after, whole) ? 'told' : `wrong: ${after}`;
  return rowsOf(after) === rowsOf(whole) ? 'right' : `silently wrong: ${after}`;
}

function isPartOf(text: string, all: string): boolean {
  const rows = text.split('\n').slice(1, -1);
  return new Set(rows).size === rows.length && rows.every((row) => all.includes(`${row}\n`));
}

async function spoilEverywhere(disk: SimulatedDisk, file: string): Promise<ReadonlySet<string>> {
  const bytes = disk.peek(file) ?? Buffer.alloc(0);
  const outcomes = new Set<string>();
  for (let at = 0; at < bytes.length; at += 1) {
    for (const mask of [0x01, 0x80]) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ mask;
      outcomes.add(await mergeSpoilt(disk, file, flipped));
    }
    outcomes.add(await mergeSpoilt(disk, file, bytes.subarray(0, at)));
  }
  return outcomes;
}

describe('a log of Spark that was spoilt', () => {
  it.each([
    ['a batch', '2', false],
    ['a compacted batch', '2.compact', true],
  ])(
    'F10: never lets a merge go wrong silently when any byte of %s in the log of Spark flips or its end is lost',
    async (_, name, compact) => {
      const outcomes = await spoilEverywhere(await prepare(compact), `${log}/${name}`);
      expect(
        [...outcomes].filter((outcome) => !['refused', 'right', 'told'].includes(outcome)),
      ).toEqual([]);
    },
    60_000,
  );

  it('F10: is told of where there are no checksums beside the log and any byte flips', async () => {
    const disk = await prepare(false);
    for (const name of ['0', '1', '2']) disk.forget(`${log}/.${name}.crc`);
    const bytes = disk.peek(`${log}/2`) ?? Buffer.alloc(0);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x01;
      const outcome = await mergeSpoilt(disk, `${log}/2`, flipped);
      expect(['refused', 'right', 'told']).toContain(outcome);
    }
  });
});
