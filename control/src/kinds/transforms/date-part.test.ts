import { expect, it } from 'vitest';
import { plainType } from '../../pyspark/spark-type.ts';
import datePart from './date-part.ts';

const columns = [
  { name: 'seen', type: plainType('TIMESTAMP') },
  { name: 'name', type: plainType('STRING') },
];

it('adds numbers as INT and names of weekdays as STRING', () => {
  const hour = datePart.check({ column: 'seen', part: 'hour', as: 'h' }, columns);
  const day = datePart.check({ column: 'seen', part: 'weekday', as: 'd' }, columns);
  expect(hour.columns?.at(-1)).toEqual({ name: 'h', type: plainType('INT') });
  expect(day.columns?.at(-1)).toEqual({ name: 'd', type: plainType('STRING') });
});

it('refuses texts with the hint to make times of them', () => {
  expect(datePart.check({ column: 'name', part: 'hour', as: 'h' }, columns).problems).toMatchObject(
    [{ rule: 'COLUMN_TYPE', parameters: { next: expect.stringContaining('to-timestamp') } }],
  );
});

it('refuses a name that is taken', () => {
  expect(
    datePart.check({ column: 'seen', part: 'hour', as: 'Name' }, columns).problems,
  ).toMatchObject([{ rule: 'COLUMN_DUPLICATE', path: ['as'] }]);
});
