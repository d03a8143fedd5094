import { Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import type { Column } from '../../pyspark/spark-type.ts';
import { shortType } from '../column-problems.ts';
import { defineSink, type KindProblem } from '../define-kind.ts';
import { pathField } from '../field.ts';

const schema = Type.Object(
  {
    path: pathField(
      'Folder of the parts. Sluice keeps numbered generations in it, each with its own checkpoint.',
      { examples: ['data/device-events'] },
    ),
  },
  { additionalProperties: false },
);

function checkColumn(column: Column): readonly KindProblem[] {
  const { type, name } = column;
  if (type.kind === 'decimal' || (type.kind === 'plain' && type.name !== 'BINARY')) {
    return [];
  }
  const parameters = {
    name: quoteText(name),
    type: shortType(type),
    example: exampleField(column),
  };
  return [{ rule: 'CSV_COLUMN_TYPE', parameters, path: [] }];
}

function exampleField({ name, type }: Column): string {
  const field = type.kind === 'struct' ? type.fields[0]?.name : undefined;
  return field === undefined ? `without ${quoteText(name)}` : quoteText(`${name}.${field}`);
}

export default defineSink({
  name: 'csv',
  summary:
    'Writes rows as CSV (RFC 4180, UTF-8, times in UTC) into part files, which `merge` puts together.',
  schema,
  examples: [{ config: { path: 'data/device-events' }, input: 'id STRING, seen TIMESTAMP' }],
  keepsParts: true,
  check: (_config, input) => input.flatMap(checkColumn),
  emit: () => ({ functions: [] }),
});
