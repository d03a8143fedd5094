import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { type FollowOptions, MergeFollower, type MergeProgress } from './follow-merge.ts';
import { mergePending } from './merge-once.ts';
import { usualTuning } from './merge-parts.ts';
import type { MergeOptions } from './merge-settings.ts';

const into = '/merged/rows.csv';
const options: MergeOptions = { directory: '/out', into, header: 'present' };
const tuning = { ...usualTuning, commitParts: 2 };
const whole = `id\n${Array.from({ length: 6 }, (_, n) => `${n}\n`).join('')}`;

function newDisk(): SimulatedDisk {
  const disk = new SimulatedDisk();
  const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
  for (let n = 0; n < 6; n += 1) spark.commit({ [`part-${n}.csv`]: `id\n${n}\n` });
  return disk;
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code, syscall: 'simulated' });
}

/** Lets the change with this number fail; a sticky fault lets all later ones of its kind fail too. */
function failAt(disk: SimulatedDisk, at: number, code: string, sticky: boolean): void {
  let changes = 0;
  disk.beforeChange = (change) => {
    changes += 1;
    const frees = change.startsWith('truncate') || change.startsWith('remove');
    if (changes === at || (sticky && changes > at && !frees)) throw failure(code);
  };
}

describe('a merge on a failing disk', () => {
  it.each([
    ['ENOSPC', false],
    ['ENOSPC', true],
    ['EIO', false],
    ['EIO', true],
    ['EMFILE', false],
    ['EROFS', true],
  ])(
    'loses and doubles nothing when any change fails with %s (sticky: %s)',
    async (code, sticky) => {
      const count = newDisk();
      await mergePending({ port: count, tuning }, options);
      for (let at = 1; at <= count.changes.length; at += 1) {
        const disk = newDisk();
        failAt(disk, at, code, sticky);
        const outcome = await mergePending({ port: disk, tuning }, options).catch((error) => error);
        const isNamed = outcome instanceof SluiceError && /DISK_FULL|IO_FAILED/.test(outcome.code);
        // Only the mark at the very end may fail without a word: nothing depends on it.
        expect(isNamed || at === count.changes.length, `change ${at} of ${code}`).toBe(true);
        const left = disk.peek(into)?.toString() ?? '';
        expect(whole.startsWith(left), `what change ${at} left: ${left}`).toBe(true);
        disk.beforeChange = () => undefined;
        await mergePending({ port: disk, tuning }, options);
        expect(disk.peek(into)?.toString()).toBe(whole);
      }
    },
  );

  it('F05: does the parts again when a sync fails and the system has dropped the bytes', async () => {
    const disk = newDisk();
    let failed = false;
    disk.beforeChange = (change) => {
      if (failed || change !== `sync ${into}`) return;
      failed = true;
      disk.dropUnsynced(into);
      throw failure('EIO');
    };
    await expect(mergePending({ port: disk, tuning }, options)).rejects.toMatchObject({
      code: 'MERGE_IO_FAILED',
    });
    await mergePending({ port: disk, tuning }, options);
    expect(disk.peek(into)?.toString()).toBe(whole);
  });

  it('F04: takes back what is not committed when the disk is full', async () => {
    const disk = newDisk();
    let writes = 0;
    disk.beforeChange = (change) => {
      if (change === `write ${into}`) writes += 1;
      if (writes > 1) throw failure('ENOSPC');
    };
    await expect(mergePending({ port: disk, tuning }, options)).rejects.toEqual(
      expect.objectContaining({
        code: 'MERGE_DISK_FULL',
        parameters: { file: into, free: 0, needed: 25 },
      }),
    );
    expect(disk.peek(into)?.toString()).toBe('id\n0\n');
  });
});

describe('following a stream', () => {
  /** Runs a follower until a progress satisfies the condition. */
  async function followUntil(
    disk: SimulatedDisk,
    done: (progress: MergeProgress) => boolean,
  ): Promise<readonly MergeProgress[]> {
    const end = new AbortController();
    const seen: MergeProgress[] = [];
    const follow: FollowOptions = {
      ...options,
      everyMs: 1,
      signal: end.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (done(progress)) end.abort();
      },
    };
    await new MergeFollower({ port: disk, tuning }, follow).run(follow);
    return seen;
  }

  it('waits for the first batch, then merges each batch as it comes', async () => {
    const disk = new SimulatedDisk();
    const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
    let batches = 0;
    const seen = await followUntil(disk, (progress) => {
      const settled = progress.phase === 'waiting' || progress.phase === 'idle';
      if (settled && progress.parts === batches && batches < 6) {
        spark.commit({ [`part-${batches}.csv`]: `id\n${batches}\n` });
        batches += 1;
      }
      return progress.phase === 'idle' && progress.rows === 6;
    });
    expect(seen[0]?.phase).toBe('waiting');
    expect(seen.at(-1)).toMatchObject({ phase: 'stopped', parts: 6, rows: 6, pendingParts: 0 });
    expect(seen.at(-1)?.error).toBeUndefined();
    expect(disk.peek(into)?.toString()).toBe(whole);
  });

  it('F04: is blocked by a full disk, and goes on alone when there is room', async () => {
    const disk = newDisk();
    disk.beforeChange = (change) => {
      if (change === `write ${into}`) throw failure('ENOSPC');
    };
    let blocked = 0;
    const seen = await followUntil(disk, (progress) => {
      blocked += progress.phase === 'blocked' ? 1 : 0;
      if (blocked === 3) disk.beforeChange = () => undefined;
      return progress.phase === 'idle';
    });
    expect(seen[0]).toMatchObject({
      phase: 'blocked',
      error: { code: 'MERGE_DISK_FULL' },
      rows: 0,
    });
    expect(seen.at(-1)).toMatchObject({ phase: 'stopped', error: undefined, rows: 6 });
    expect(disk.peek(into)?.toString()).toBe(whole);
  });

  it('F06: goes on with the other parts when one is not sound, and takes it when it has come back', async () => {
    const disk = newDisk();
    disk.put('/out/part-3.csv', 'id\n');
    const seen = await followUntil(disk, ({ phase, rows }) => {
      if (phase === 'idle') disk.put('/out/part-3.csv', 'id\n3\n');
      return phase === 'idle' && rows === 6;
    });
    expect(seen.find(({ phase }) => phase === 'idle')).toMatchObject({
      rows: 5,
      pendingParts: 1,
      quarantined: [{ part: 'part-3.csv', code: 'MERGE_PART_SIZE' }],
    });
    expect(seen.at(-1)).toMatchObject({ rows: 6, pendingParts: 0, quarantined: [] });
    expect(disk.peek(into)?.toString()).toBe('id\n0\n1\n2\n4\n5\n3\n');
  });

  it('F11: notices an edit by hand between two batches', async () => {
    const disk = newDisk();
    const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
    const seen = await followUntil(disk, (progress) => {
      if (progress.phase === 'idle') {
        disk.append(into, 'by hand\n');
        for (let n = 0; n < 7; n += 1) spark.commit({ [`part-${n}.csv`]: `id\n${n}\n` });
      }
      return false;
    });
    expect(seen.at(-1)).toMatchObject({ phase: 'stopped', error: { code: 'MERGE_FILE_CHANGED' } });
  });
});
