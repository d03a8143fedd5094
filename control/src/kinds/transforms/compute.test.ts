import { expect, it } from 'vitest';
import { plainType } from '../../pyspark/spark-type.ts';
import compute from './compute.ts';

const columns = [
  { name: 'high', type: plainType('DOUBLE') },
  { name: 'low', type: plainType('DOUBLE') },
  { name: 'count', type: plainType('BIGINT') },
];
const context = { deadLetters: true, columns };

it('adds one column by one readable line, with null for a division by zero', () => {
  expect(compute.emit({ spread: '(high - low) / low * 100' }, context).statements).toEqual([
    '# compute\nrows = rows.withColumn("spread", ' +
      'F.try_divide(F.col("high") - F.col("low"), F.col("low")) * 100)',
  ]);
});

it('adds several columns in their order, all from the columns before the step', () => {
  const config = { high: 'low', twice: 'high * 2', many: 'count > 5' };
  expect(compute.check(config, columns).columns).toEqual([
    ...columns,
    { name: 'twice', type: plainType('DOUBLE') },
    { name: 'many', type: plainType('BOOLEAN') },
  ]);
  expect(compute.emit(config, context).statements[0]).toContain(
    '{"high": F.col("low"), "twice": F.col("high") * 2, "many": F.col("count") > 5}',
  );
});

it('gives a replaced column its new type in its old place', () => {
  expect(compute.check({ low: 'low > 1' }, columns).columns?.[1]).toEqual({
    name: 'low',
    type: plainType('BOOLEAN'),
  });
});

it('refuses names that Spark takes for another column, or that mean the dead letters', () => {
  const wrong = { HIGH: 'low', _dead_letter: 'low', good: 'low' };
  expect(compute.check(wrong, columns).problems).toMatchObject([
    { rule: 'COLUMN_DUPLICATE', path: ['HIGH'] },
    { rule: 'COLUMN_NAME', path: ['_dead_letter'] },
  ]);
});

it('names the expression that is wrong and the place in it', () => {
  expect(compute.check({ good: 'low', bad: 'low + ' }, columns).problems).toMatchObject([
    { rule: 'EXPRESSION_SYNTAX', path: ['bad'], offset: 5 },
  ]);
});
