import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import type { FileAccess, OpenFile } from './file-port.ts';
import { mergePending } from './merge-once.ts';

/** Takes the bytes of a write some turns later, as a busy disk does: what is overwritten by then is lost. */
class LateDisk extends SimulatedDisk {
  override async open(path: string, access: FileAccess): Promise<OpenFile> {
    const file = await super.open(path, access);
    const write = async (bytes: Uint8Array, position: number) => {
      for (let wait = 0; wait < 4; wait += 1) await turn();
      await file.write(bytes, position);
    };
    return { ...file, write };
  }
}

describe('reading parts while earlier ones are written', () => {
  it('never reads into a buffer that is still being written, whatever the sizes of parts', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 12 });
    const chunks = fc.constantFrom(16, 64, 100);
    await fc.assert(
      fc.asyncProperty(sizes, chunks, async (lengths, chunkBytes) => {
        const disk = new LateDisk();
        const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
        const texts = lengths.map((length, n) => `${String(n).repeat(length)},end\n`);
        spark.commit(Object.fromEntries(texts.map((text, n) => [`part-${n}.csv`, text])));
        const tuning = { chunkBytes, commitBytes: 500, commitParts: 5 };
        const options = { directory: '/out', into: '/rows.csv', header: 'absent' } as const;
        await mergePending({ port: disk, tuning }, options);
        expect(disk.peek('/rows.csv')?.toString()).toBe(texts.join(''));
      }),
      { numRuns: 150 },
    );
  });
});
