import { expect, it } from 'vitest';
import type { OpenFile } from './file-port.ts';
import { MergedFile } from './merged-file.ts';

const megabyte = 1 << 20;

/** A file that counts its syncs and lets some of them fail. */
function countingFile(fails: (sync: number) => boolean) {
  const counts = { syncs: 0, bytes: 0 };
  const file: OpenFile = {
    size: async () => counts.bytes,
    read: async () => 0,
    write: async (bytes) => {
      counts.bytes += bytes.length;
    },
    truncate: async () => undefined,
    sync: async () => {
      counts.syncs += 1;
      if (fails(counts.syncs)) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
    close: async () => undefined,
  };
  return { file, counts };
}

async function append(merged: MergedFile, megabytes: number): Promise<void> {
  for (let n = 0; n < megabytes; n += 1) await merged.append(Buffer.alloc(megabyte));
}

it('tells the disk to begin while a big part is still copied, and syncs all at the end', async () => {
  const { file, counts } = countingFile(() => false);
  const merged = new MergedFile(file, 0, megabyte);
  await append(merged, 100);
  expect(counts.syncs).toBeGreaterThanOrEqual(2);
  const before = counts.syncs;
  await merged.sync();
  expect(counts).toEqual({ syncs: before + 1, bytes: 100 * megabyte });
});

it('F05: fails for good when one of those early syncs fails, even if a later one would not', async () => {
  const { file } = countingFile((sync) => sync === 1);
  const merged = new MergedFile(file, 0, megabyte);
  await append(merged, 32);
  await expect(append(merged, 10).then(() => merged.sync())).rejects.toThrow('EIO');
  expect(merged.failed).toBe(true);
});
