import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage } from './open-storage.ts';

const storage = openStorage({ region: 'us-east-1' });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-storage-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what is not there is empty, undefined and false, and no error', async () => {
  expect(await storage.list(join(folder, 'no'))).toEqual([]);
  expect(await storage.read(join(folder, 'no'), 10)).toBeUndefined();
  expect(await storage.exists(join(folder, 'no'))).toBe(false);
});

test('a replaced file has its folders and the newest bytes, and no neighbour is left', async () => {
  const path = join(folder, 'a/b/file');
  await storage.replace(path, 'first');
  await storage.replace(path, new Uint8Array([104, 105]));
  expect(await storage.list(join(folder, 'a/b'))).toEqual(['file']);
  expect((await storage.read(path, 100))?.toString()).toBe('hi');
  expect(await storage.exists(path)).toBe(true);
});

test('of a larger file only the first bytes are read', async () => {
  writeFileSync(join(folder, 'large'), 'x'.repeat(1000));
  expect(await storage.read(join(folder, 'large'), 10)).toHaveLength(10);
});

test('what cannot be read is an error, not an absence', async () => {
  mkdirSync(join(folder, 'sub'));
  await expect(storage.read(join(folder, 'sub'), 10)).rejects.toThrow('EISDIR');
  writeFileSync(join(folder, 'file'), '');
  await expect(storage.list(join(folder, 'file'))).rejects.toThrow('ENOTDIR');
});
