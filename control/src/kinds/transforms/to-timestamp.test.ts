import { expect, it } from 'vitest';
import { plainType } from '../../pyspark/spark-type.ts';
import toTimestamp from './to-timestamp.ts';

const columns = [
  { name: 'seen', type: plainType('STRING') },
  { name: 'odd name', type: plainType('STRING') },
  { name: 'count', type: plainType('BIGINT') },
];

it('makes times in the place of texts, also under names that need backticks', () => {
  const config = { columns: ['seen', '`odd name`'], format: 'yyyy-MM-dd' };
  expect(toTimestamp.check(config, columns).columns?.map(({ type }) => type)).toEqual([
    plainType('TIMESTAMP'),
    plainType('TIMESTAMP'),
    plainType('BIGINT'),
  ]);
  const { statements } = toTimestamp.emit(config, { deadLetters: true, columns });
  expect(statements[0]).toContain('for name in ["seen", "odd name"]:');
});

it.each([
  ['yyyy-MM-ddTHH:mm:ss', 'T', 10],
  ['yyyyy', 'y', 4],
  ['EEEE, dd MMM', 'EEEE', 0],
  ["yyyy 'open", "'", 5],
  ['yyyy[-MM]', '[', 4],
  ['ssSSSSSSSSSS', 'S', 11],
  ['{yyyy}', '{', 0],
])('refuses the format %s', (format, found, offset) => {
  expect(toTimestamp.check({ columns: ['seen'], format }, columns).problems).toMatchObject([
    { rule: 'TIME_FORMAT', parameters: { found: expect.stringContaining(found) }, offset },
  ]);
});

it.each(["yyyy-MM-dd'T'HH:mm:ss.SSSX", 'dd.MM.yyyy HH:mm', "hh 'o''clock' a", 'yyyyMMddHHmmss'])(
  'takes the format %s',
  (format) => {
    expect(toTimestamp.check({ columns: ['seen'], format }, columns).problems).toBeUndefined();
  },
);

it('refuses columns that are no texts or not there', () => {
  const config = { columns: ['count', 'nothing'], format: 'yyyy' };
  expect(toTimestamp.check(config, columns).problems).toMatchObject([
    { rule: 'COLUMN_TYPE', path: ['columns', 0] },
    { rule: 'COLUMN_UNKNOWN', path: ['columns', 1] },
  ]);
});
