import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseKey } from './lease-key.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-key-'));
  mkdirSync(join(folder, 'real/data'), { recursive: true });
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['s3://bucket/a/b', 's3a://bucket/a/b'],
  ['s3a://bucket/a/b/', 's3a://bucket/a/b'],
  ['s3n://bucket//a/./b//', 's3a://bucket/a/b'],
  ['S3://bucket/a/../b', 's3a://bucket/b'],
  ['s3://bucket', 's3a://bucket/'],
  ['s3://Bucket/A', 's3a://Bucket/A'],
  ['/nowhere/a/', '/nowhere/a'],
  ['file:/nowhere/a', '/nowhere/a'],
  ['file:///nowhere/a//', '/nowhere/a'],
  ['file:///nowhere/a%20b', '/nowhere/a b'],
  ['/nowhere//./b/../a', '/nowhere/a'],
  ['a/b', '/work/a/b'],
  ['./a/../b', '/work/b'],
  ['/', '/'],
])('%s is named %s', (path, key) => {
  expect(leaseKey(path, '/work')).toBe(key);
});

test.each(['real/data', 'link/data', 'link/../real/data/', 'real/./data'])(
  'a folder that is there has one name through a symbolic link: %s',
  (path) => {
    expect(leaseKey(path, folder)).toBe(leaseKey(join(folder, 'real/data'), '/'));
  },
);

test('a folder that is not there yet has the name it will have', () => {
  expect(leaseKey('link/data/new/one', folder)).toBe(leaseKey('real/data/new/one', folder));
});

test('different folders keep different names', () => {
  const paths = ['s3://a/b', 's3://a/B', 's3://b/b', '/a/b', '/a/bb', 's3://a/b c'];
  expect(new Set(paths.map((path) => leaseKey(path, '/work'))).size).toBe(paths.length);
});
