import { type Static, Type } from 'typebox';
import { layOutCall } from '../../pyspark/code-block.ts';
import { parseColumnPath, printColumnPath } from '../../pyspark/column-path.ts';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import type { Column } from '../../pyspark/spark-type.ts';
import { checkNewName, findColumn } from '../column-problems.ts';
import { deadLetterColumn, defineTransform, type KindProblem } from '../define-kind.ts';
import { columnField } from '../field.ts';

const renamed = Type.Object(
  {
    column: columnField('The column, or the field inside one.'),
    as: Type.String({ description: 'Its name from here on.', minLength: 1, maxLength: 255 }),
  },
  { additionalProperties: false, description: 'A column under another name.' },
);

const item = Type.Union([
  columnField('The column, or the field inside one; its name is then the last part of the path.'),
  renamed,
]);

const schema = Type.Array(item, {
  description: 'The columns to keep, in their order: paths, or `{column: path, as: name}`.',
  minItems: 1,
  maxItems: 2000,
});
type Item = Static<typeof item>;

export default defineTransform({
  name: 'select',
  summary: 'Keeps the listed columns, in their order, under their own or other names.',
  schema,
  examples: [
    {
      config: ['customerId', 'device.deviceId', { column: 'device.measure', as: 'unit' }],
      input: 'customerId STRING, device STRUCT<deviceId: STRING, measure: STRING>',
    },
  ],
  check: (items, input) => {
    const columns: Column[] = [];
    const problems: KindProblem[] = [];
    for (const [index, entry] of items.entries()) {
      const place = typeof entry === 'string' ? [index] : [index, 'column'];
      const found = findColumn(input, pathOf(entry), place);
      if ('problem' in found) {
        problems.push(found.problem);
        continue;
      }
      const name = typeof entry === 'string' ? found.name : entry.as;
      const taken = columns.map((column) => column.name);
      const namePlace = typeof entry === 'string' ? [index] : [index, 'as'];
      problems.push(...checkNewName(name, taken, namePlace));
      columns.push({ name, type: found.type });
    }
    return problems.length > 0 ? { problems } : { columns };
  },
  emit: (items, { deadLetters }) => {
    const kept = deadLetters ? [pythonLiteral(deadLetterColumn)] : [];
    const columns = [...items.map(printItem), ...kept];
    return {
      statements: [`# select\n${layOutCall('rows = rows.select(', columns, { levels: 1 })}`],
    };
  },
});

function pathOf(entry: Item): string {
  return typeof entry === 'string' ? entry : entry.column;
}

function printItem(entry: Item): string {
  const path = pythonLiteral(printColumnPath(parseColumnPath(pathOf(entry)) ?? []));
  return typeof entry === 'string' ? path : `F.col(${path}).alias(${pythonLiteral(entry.as)})`;
}
