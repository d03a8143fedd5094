import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { CommittedParts } from './committed-parts.ts';
import { settleHeader } from './header-mode.ts';
import { settleOptions } from './merge-settings.ts';

function settle(...texts: readonly string[]): Promise<string> {
  return settleAfter(() => undefined, ...texts);
}

/** Settles the header of parts to which something has happened since they were committed. */
async function settleAfter(
  happen: (disk: SimulatedDisk) => void,
  ...texts: readonly string[]
): Promise<string> {
  const disk = new SimulatedDisk();
  const spark = new SparkOutput('/out', (path, text) => disk.put(path, text));
  spark.commit(Object.fromEntries(texts.map((text, n) => [`part-${n}.csv`, text])));
  const parts = (await new CommittedParts(disk, '/out').readNew()) ?? [];
  happen(disk);
  const wanted = settleOptions({ directory: '/out', into: '/rows.csv' });
  return (await settleHeader(disk, { directory: '/out', parts }, wanted)).header;
}

const unsure = expect.objectContaining({ code: 'MERGE_HEADER_UNSURE' });

describe('header auto', () => {
  it('is present when parts begin with the same record of different names', async () => {
    expect(await settle('id,name\n1,a\n', '', 'id,name\n2,b\n', 'id,name\n')).toBe('present');
    expect(await settle('"a\nb",c\nx,y\n', '"a\nb",c\n')).toBe('present');
  });

  it('is present for parts too large to be read whole', async () => {
    const large = (value: string) => `id,name\n${`1,${value}\n`.repeat(30_000)}`;
    expect(await settle(large('a'), large('b'))).toBe('present');
  });

  it('is settled by the other parts when one is not as it was committed', async () => {
    const cut = (disk: SimulatedDisk) => disk.put('/out/part-1.csv', '2,b\n');
    expect(await settleAfter(cut, 'id,name\n1,a\n', 'id,name\n2,b\n', 'id,name\n')).toBe('present');
  });

  it('is not settled when parts cannot be read for a reason that is not theirs', async () => {
    const breakDisk = (disk: SimulatedDisk) => {
      disk.open = async () => {
        throw new TypeError('broken');
      };
    };
    await expect(settleAfter(breakDisk, 'id,name\n', 'id,name\n')).rejects.toThrow('broken');
  });

  it('is absent when no part begins with a record that could be a header', async () => {
    expect(await settle('1,a\n2,b\n')).toBe('absent');
    expect(await settle('x,2026-11-24T10:00:00Z\n', 'y,\n', 'a,a\n')).toBe('absent');
  });

  it.each([
    ['one part alone', ['id,name\n1,a\n']],
    ['nothing but empty parts', ['', '']],
    ['parts that begin differently', ['id,name\n1,a\n', 'x,y\n']],
    ['a first record that occurs again', ['ok,pump\nok,pump\n', 'ok,pump\n']],
    ['parts with another set of columns', ['id,name\n', 'id,name,age\n']],
  ])('is refused for %s', async (_, texts) => {
    await expect(settle(...texts)).rejects.toEqual(unsure);
  });
});
