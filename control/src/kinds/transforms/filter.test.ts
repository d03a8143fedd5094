import { expect, it } from 'vitest';
import { plainType } from '../../pyspark/spark-type.ts';
import filter from './filter.ts';

const columns = [
  { name: 'volume', type: plainType('DOUBLE') },
  { name: 'name', type: plainType('STRING') },
];

it('keeps dead letters besides the rows that are asked for', () => {
  expect(filter.emit('volume > 1000', { deadLetters: true, columns }).statements).toEqual([
    '# filter\nrows = rows.where(F.col("_dead_letter").isNotNull() | (F.col("volume") > 1000))',
  ]);
});

it('asks for nothing else where there are no dead letters', () => {
  expect(filter.emit('volume > 1000', { deadLetters: false, columns }).statements).toEqual([
    '# filter\nrows = rows.where(F.col("volume") > 1000)',
  ]);
});

it('puts brackets around an `or` beside the dead letters only where Python needs them', () => {
  const [statement] = filter.emit("volume > 1 or name = 'x'", {
    deadLetters: true,
    columns,
  }).statements;
  expect(statement).toContain('isNotNull() | ((F.col("volume") > 1) | (F.col("name") == "x"))');
});

it('refuses what is no test, and says where', () => {
  expect(filter.check('volume + 1', columns).problems).toMatchObject([
    { rule: 'EXPRESSION_TYPE', path: [], offset: 0 },
  ]);
  expect(filter.check('volume > 1 and nam is null', columns).problems).toMatchObject([
    { rule: 'COLUMN_UNKNOWN', parameters: { suggestion: 'Did you mean name?' }, offset: 15 },
  ]);
});
