import { describe, expect, it } from 'vitest';
import { SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { CommittedParts } from './committed-parts.ts';
import { placePart } from './part-place.ts';
import { chooseLogFiles } from './sink-log.ts';

const log = '/out/_spark_metadata';

function newOutput() {
  const disk = new SimulatedDisk();
  const spark = new SparkOutput('/out', (path, text) => disk.put(path, text), 3);
  return { disk, spark, committed: new CommittedParts(disk, '/out') };
}

const refused = (code: string, parameters = {}) =>
  expect.objectContaining({ code, parameters: expect.objectContaining(parameters) });

describe('the committed parts', () => {
  it('are none while there is no log, or an empty one', async () => {
    const { disk, committed } = newOutput();
    expect(await committed.readNew()).toBeUndefined();
    disk.put(`${log}/.0.crc`, '');
    disk.put(`${log}/.0.1b7e.tmp`, 'v1');
    expect(await committed.readNew()).toBeUndefined();
    disk.put(`${log}/0`, 'v1');
    expect(await committed.readNew()).toEqual([]);
  });

  it('come once each, in the order of their batches, through compactions', async () => {
    const { spark, committed } = newOutput();
    const names: string[] = [];
    for (let batch = 0; batch < 11; batch += 1) {
      spark.commit({ [`part-a${batch}.csv`]: 'x', [`part-b${batch}.csv`]: 'xy' });
      if (batch % 4 === 0) names.push(...((await committed.readNew()) ?? []).map((p) => p.name));
    }
    names.push(...((await committed.readNew()) ?? []).map((part) => part.name));
    expect(names).toHaveLength(22);
    expect(names.slice(0, 4)).toEqual(['part-a0.csv', 'part-b0.csv', 'part-a1.csv', 'part-b1.csv']);
    expect(new Set(names).size).toBe(22);
    expect(await committed.readNew()).toEqual([]);
  });

  it('carry their size and the unescaped values of their partition folders', async () => {
    const { spark, committed } = newOutput();
    spark.commit({ 'day=2026-11-24/at=10%3A00/who=__HIVE_DEFAULT_PARTITION__/p 1.csv': 'abc' });
    expect(await committed.readNew()).toEqual([
      {
        name: 'p 1.csv',
        relativePath: 'day=2026-11-24/at=10%3A00/who=__HIVE_DEFAULT_PARTITION__/p 1.csv',
        absolutePath: '/out/day=2026-11-24/at=10%3A00/who=__HIVE_DEFAULT_PARTITION__/p 1.csv',
        size: 3,
        partitions: { day: '2026-11-24', at: '10:00', who: null },
        batch: '0',
      },
    ]);
  });

  it.each([
    ['v2', '', 1],
    ['v1', '{"path":', 2],
    ['v1', '[]', 2],
    ['v1', '{"path":"file:///out/a","size":-1,"isDir":false,"action":"add"}', 2],
    ['v1', '{"path":"file:///out/a","size":1,"isDir":false,"action":"delete"}', 2],
    ['v1', '{"size":1,"isDir":false,"action":"add"}', 2],
  ])('are refused with file and line for a log of %s %s', async (version, entry, line) => {
    const { disk, committed } = newOutput();
    disk.put(`${log}/0`, `${version}\n${entry}`);
    const parameters = { file: `${log}/0`, line };
    await expect(committed.readNew()).rejects.toEqual(refused('MERGE_LOG_CORRUPT', parameters));
  });

  it('are refused when a batch is missing from the log', async () => {
    const { disk, committed } = newOutput();
    disk.put(`${log}/0`, 'v1');
    disk.put(`${log}/2`, 'v1');
    await expect(committed.readNew()).rejects.toEqual(
      refused('MERGE_LOG_GAP', { file: `${log}/1` }),
    );
  });

  it('are read again when a log file vanishes between listing and reading', async () => {
    const disk = new CompactingDisk();
    const spark = new SparkOutput('/out', (path, text) => disk.put(path, text), 3);
    spark.commit({ 'part-0.csv': 'a' });
    spark.commit({ 'part-1.csv': 'b' });
    disk.afterFirstList = async () => {
      spark.commit({ 'part-2.csv': 'c' });
      await disk.remove(`${log}/0`);
      await disk.remove(`${log}/1`);
    };
    const parts = await new CommittedParts(disk, '/out').readNew();
    expect(parts?.map((part) => part.name)).toEqual(['part-0.csv', 'part-1.csv', 'part-2.csv']);
  });
});

class CompactingDisk extends SimulatedDisk {
  afterFirstList: (() => Promise<void>) | undefined;

  override async list(folder: string): Promise<readonly string[]> {
    const names = await super.list(folder);
    await this.afterFirstList?.();
    this.afterFirstList = undefined;
    return names;
  }
}

describe('the choice of log files', () => {
  it.each([
    { names: ['0', '1', '2'], last: -1, files: ['0', '1', '2'] },
    { names: ['0', '1', '9.compact', '10'], last: -1, files: ['9.compact', '10'] },
    { names: ['7', '8', '9.compact', '10', '11'], last: 8, files: ['9.compact', '10', '11'] },
    { names: ['9.compact', '10', '11'], last: 10, files: ['11'] },
    { names: ['9.compact', '19.compact', '20'], last: 9, files: ['19.compact', '20'] },
    { names: ['0', '1'], last: 57, files: ['0', '1'] },
    { names: ['0', '1'], last: 1, files: [] },
  ])('reads $files of $names after batch $last', ({ names, last, files }) => {
    const shuffled = [...names, '.0.crc', '.9.compact.crc', '.3.aa.tmp', 'notes'].reverse();
    expect(chooseLogFiles(shuffled, last).files.map((file) => file.name)).toEqual(files);
  });
});

describe('the place of a part', () => {
  it.each([
    ['file:///out/part-0.csv', 'part-0.csv'],
    ['file:/out/part-0.csv', 'part-0.csv'],
    ['/out/part-0.csv', 'part-0.csv'],
    ['s3a://bucket/old/out/k=v/part-0.csv', 'k=v/part-0.csv'],
    ['file:///before/it/moved/k=a%2520b/part%20é.csv', 'k=a%20b/part é.csv'],
  ])('of %s is %s', (uri, relativePath) => {
    expect(placePart(uri, '/out')?.relativePath).toBe(relativePath);
  });

  it('does not take a moved output folder that is called column=value for a partition', () => {
    expect(placePart('file:///old/run=3/k=v/p.csv', '/new/run=3')?.relativePath).toBe('k=v/p.csv');
  });

  it.each([
    'file:///out/../etc/passwd',
    'file:///out/%2e%2e/p.csv',
    'file:///out/a%2fb.csv',
    'file:///out/a%00.csv',
    'file:///out/%zz.csv',
    'file:///out/',
    'part-0.csv',
    '',
  ])('is refused for %s', (uri) => {
    expect(placePart(uri, '/out')).toBeUndefined();
  });
});
