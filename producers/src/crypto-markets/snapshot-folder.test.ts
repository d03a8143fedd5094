import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSnapshotFolder } from './snapshot-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshot-folder-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('writes a whole file, makes its folders and leaves nothing else', async () => {
  const store = openSnapshotFolder(join(folder, 'a', 'finance'));
  expect(await store.put('crypto_1.json', 'body')).toBe('written');
  expect(await readdir(join(folder, 'a', 'finance'))).toEqual(['crypto_1.json']);
  expect(await readFile(join(folder, 'a', 'finance', 'crypto_1.json'), 'utf8')).toBe('body');
});

it('lets one of many that write one name at once win, and touches nothing that is there', async () => {
  const store = openSnapshotFolder(folder);
  const bodies = Array.from({ length: 8 }, (_, index) => `body ${index}`);
  const outcomes = await Promise.all(bodies.map((body) => store.put('one.json', body)));
  expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  const winner = bodies[outcomes.indexOf('written')];
  expect(await readFile(join(folder, 'one.json'), 'utf8')).toBe(winner);
  expect(await store.put('one.json', 'late')).toBe('taken');
  expect(await readFile(join(folder, 'one.json'), 'utf8')).toBe(winner);
  expect(await readdir(folder)).toEqual(['one.json']);
});

it('names the folder that cannot be written', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(openSnapshotFolder(file).put('x.json', '')).rejects.toMatchObject({
    code: 'FOLDER_FAILED',
    message: expect.stringContaining(file),
  });
});
