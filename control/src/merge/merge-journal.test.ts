import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { mergePending } from './merge-once.ts';
import { usualTuning } from './merge-parts.ts';
import type { MergeOptions } from './merge-settings.ts';

const into = '/merged/rows.csv';
const journal = `${into}.journal`;
const options: MergeOptions = { directory: '/out', into, header: 'absent' };
const tuning = { ...usualTuning, commitParts: 2 };

async function mergedDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
  spark.commit({ 'part-0.csv': 'a,1\n', 'part-1.csv': 'b,2\n', 'part-2.csv': 'c,3\n' });
  await mergePending({ port: disk, tuning }, options);
  return disk;
}

/** The merged file after another merge on a changed disk, or the code of the refusal. */
async function mergeAgain(disk: SimulatedDisk): Promise<string | undefined> {
  try {
    await mergePending({ port: disk, tuning }, options);
    return disk.peek(into)?.toString();
  } catch (error) {
    return error instanceof SluiceError ? error.code : String(error);
  }
}

async function afterChange(change: (bytes: Buffer) => Buffer): Promise<string | undefined> {
  const disk = await mergedDisk();
  disk.put(journal, change(Buffer.from(disk.peek(journal) ?? '')));
  return mergeAgain(disk);
}

describe('a merge journal', () => {
  it('F10: drops a torn last line and merges its parts again', async () => {
    const disk = await mergedDisk();
    const lines = disk.peek(journal)?.toString().split('\n') ?? [];
    const torn = [...lines.slice(0, 3), lines[3]?.slice(0, 40)].join('\n');
    disk.put(journal, torn + '\0'.repeat(5000));
    expect(await mergeAgain(disk)).toBe('a,1\nb,2\nc,3\n');
    expect(
      disk
        .peek(journal)
        ?.toString()
        .startsWith(`${lines.slice(0, 3).join('\n')}\n`),
    ).toBe(true);
  });

  it('holds nothing of a torn end after a recovery', async () => {
    const disk = await mergedDisk();
    const whole = disk.peek(journal)?.length ?? 0;
    disk.put(journal, `${disk.peek(journal)}${'\0'.repeat(5000)}`);
    await mergeAgain(disk);
    expect(disk.peek(journal)).toHaveLength(whole);
  });

  it('F10: is refused when a byte in its middle is flipped, and the way out is a rebuild', async () => {
    const outcome = await afterChange((bytes) => {
      bytes[Math.floor(bytes.length / 2)] = 0x21;
      return bytes;
    });
    expect(outcome).toBe('MERGE_JOURNAL_CORRUPT');
    expect(new SluiceError('MERGE_JOURNAL_CORRUPT').next).toContain('sluice merge --rebuild');
  });

  it('F10: never leads to a wrong merge, whichever byte is flipped', async () => {
    const whole = (await mergedDisk()).peek(journal) ?? Buffer.alloc(0);
    const outcomes = new Map<string | undefined, number>();
    for (let at = 0; at < whole.length; at += 1) {
      const outcome = await afterChange((bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ 0x55;
        return bytes;
      });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const right = 'a,1\nb,2\nc,3\n';
    expect([...outcomes.keys()].sort()).toEqual(['MERGE_JOURNAL_CORRUPT', right]);
    // Only the `closed` mark may be lost without harm: its bytes and the newline before them.
    const lastLine = whole.length - whole.lastIndexOf('\n', whole.length - 2);
    expect(outcomes.get(right)).toBeLessThanOrEqual(lastLine);
  });

  it('F10: never leads to a wrong merge, wherever it is cut off', async () => {
    const length = (await mergedDisk()).peek(journal)?.length ?? 0;
    for (let end = 0; end < length; end += 1) {
      const outcome = await afterChange((bytes) => bytes.subarray(0, end));
      expect(['a,1\nb,2\nc,3\n', 'MERGE_JOURNAL_CORRUPT']).toContain(outcome);
    }
  });

  it('is refused when a line is gone', async () => {
    const outcome = await afterChange((bytes) => {
      const lines = bytes.toString().split('\n');
      return Buffer.from([...lines.slice(0, 2), ...lines.slice(3)].join('\n'));
    });
    expect(outcome).toBe('MERGE_JOURNAL_CORRUPT');
  });
});
