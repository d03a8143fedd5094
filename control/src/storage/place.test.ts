import { expect, test } from 'vitest';
import { hadoopPath, isObjectPath, joinPlace, parseObjectPath, resolvePlace } from './place.ts';

test.each([
  ['data/rows', '/work', '/work/data/rows'],
  ['./data//rows/', '/work', '/work/data/rows'],
  ['/data/rows', '/work', '/data/rows'],
  ['file:///data/a%20b', '/work', '/data/a b'],
  ['s3://bucket/data', '/work', 's3://bucket/data'],
  ['s3a://bucket/data/', '/work', 's3://bucket/data'],
  ['S3N://bucket//data/./x', '/work', 's3://bucket/data/x'],
  ['data/rows', 's3://bucket', 's3://bucket/data/rows'],
  ['data/rows/', 's3a://bucket/prefix/', 's3://bucket/prefix/data/rows'],
  ['s3://other/data', 's3://bucket/prefix', 's3://other/data'],
  ['/data/rows', 's3://bucket/prefix', '/data/rows'],
])('%s from %s is %s', (path, workFolder, place) => {
  expect(resolvePlace(path, workFolder)).toBe(place);
});

test('names are put behind a place with one slash each, whatever kind of place it is', () => {
  expect(joinPlace('/data', 'a', 'b')).toBe('/data/a/b');
  expect(joinPlace('s3://bucket', 'a', 'b')).toBe('s3://bucket/a/b');
  expect(joinPlace('s3a://bucket/x/', 'a')).toBe('s3://bucket/x/a');
});

test('an address is cut into bucket and key, and another path is none', () => {
  expect(parseObjectPath('s3://bucket/a/b')).toEqual({ bucket: 'bucket', key: 'a/b' });
  expect(parseObjectPath('s3a://bucket/')).toEqual({ bucket: 'bucket', key: '' });
  expect(parseObjectPath('s3://bucket/../other')).toEqual({ bucket: 'bucket', key: 'other' });
  expect(parseObjectPath('/s3://bucket')).toBeUndefined();
  expect(isObjectPath('s3:/bucket')).toBe(false);
});

test('Spark is given the scheme of its connector, and paths of this machine as they are', () => {
  expect(hadoopPath('s3://bucket/a')).toBe('s3a://bucket/a');
  expect(hadoopPath('s3n://bucket/')).toBe('s3a://bucket');
  expect(hadoopPath('/data/s3')).toBe('/data/s3');
});
