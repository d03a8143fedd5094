import { expect, test } from 'vitest';
import { changeSpec } from '../../../test/fixtures/good-spec.ts';
import { lintSpec } from '../lint-spec.ts';

test('without a place in a bucket among the allowed ones, any bucket may be used', () => {
  expect(rulesFor('s3://rows/x', ['/data'])).toEqual([]);
  expect(rulesFor('s3a://rows.of.mine/x/', ['/data'])).toEqual([]);
});

test.each([
  ['s3://rows/mine/x', []],
  ['s3a://rows/mine/x', []],
  ['s3://whole-bucket/x', []],
  ['s3://rows/mine', ['PATH_OUTSIDE']],
  ['s3://rows/mine2/x', ['PATH_OUTSIDE']],
  ['s3://rows/x', ['PATH_OUTSIDE']],
  ['s3://others/mine/x', ['PATH_OUTSIDE']],
])('with places in buckets among the allowed ones, %s gives %j', (path, rules) => {
  expect(rulesFor(path, ['/data', 's3n://rows/mine', 's3://whole-bucket'])).toEqual(rules);
});

test('places in buckets do not open a folder of this machine', () => {
  expect(rulesFor('/data/x', ['s3://rows'])).toContain('PATH_OUTSIDE');
});

test('a pipeline names a place in a bucket in one way, however its spec spells it', () => {
  const text = changeSpec('data/events ', 's3n://rows/./x/ ').replace(/^dead.*\n/m, '');
  const { pipeline } = lintSpec(text, { roots: ['/data'], workFolder: '/' });
  expect(pipeline?.sinkPath).toBe('s3://rows/x');
  expect(pipeline?.deadLetters).toEqual({ into: 's3://rows/x-dead-letters.jsonl' });
});

/** What lint says of a sink's path. */
function rulesFor(path: string, roots: readonly string[]): readonly string[] {
  const text = changeSpec('data/events ', `${path} `);
  const { findings } = lintSpec(text, { roots, workFolder: '/' });
  return findings.filter(({ pointer }) => pointer === '/sink/csv/path').map(({ rule }) => rule);
}
