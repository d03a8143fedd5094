import { type Static, Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import { layOutCall } from '../../pyspark/code-block.ts';
import { parseColumnPath, printColumnPath } from '../../pyspark/column-path.ts';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { plainType, type SparkType } from '../../pyspark/spark-type.ts';
import { checkNewName, findColumn, shortType } from '../column-problems.ts';
import { defineTransform } from '../define-kind.ts';
import { columnField } from '../field.ts';

const schema = Type.Object(
  {
    column: columnField('The column, or the field inside one, of a DATE or TIMESTAMP type.'),
    part: Type.Enum(
      [
        'year',
        'quarter',
        'month',
        'day',
        'day-of-year',
        'week',
        'weekday',
        'hour',
        'minute',
        'second',
      ],
      {
        description:
          'The part, in UTC: a number, or of `weekday` the English name. `week` is that of ISO 8601.',
      },
    ),
    as: Type.String({ description: 'The name of the new column.', minLength: 1, maxLength: 255 }),
  },
  { additionalProperties: false },
);
type Part = Static<typeof schema>['part'];

const functionNames: Readonly<Record<Exclude<Part, 'weekday'>, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'dayofmonth',
  'day-of-year': 'dayofyear',
  week: 'weekofyear',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
};

export default defineTransform({
  name: 'date-part',
  summary:
    'Adds a column with one part of a date or time: the hour, the name of the weekday and so on.',
  schema,
  examples: [
    {
      config: { column: 'last_updated', part: 'hour', as: 'hour_updated' },
      input: 'last_updated TIMESTAMP',
    },
    {
      config: { column: 'order.placed', part: 'weekday', as: 'day' },
      input: 'order STRUCT<placed: DATE>',
    },
  ],
  check: ({ column, part, as }, input) => {
    const found = findColumn(input, column, ['column']);
    if ('problem' in found) {
      return { problems: [found.problem] };
    }
    if (!isTime(found.type)) {
      const next = 'Make times of texts by a step `to-timestamp` before.';
      const wanted = 'a DATE or TIMESTAMP';
      const parameters = { name: quoteText(column), type: shortType(found.type), wanted, next };
      return { problems: [{ rule: 'COLUMN_TYPE', parameters, path: ['column'] }] };
    }
    const taken = input.map(({ name }) => name);
    const type = plainType(part === 'weekday' ? 'STRING' : 'INT');
    return { columns: [...input, { name: as, type }], problems: checkNewName(as, taken, ['as']) };
  },
  emit: ({ column, part, as }) => {
    const path = pythonLiteral(printColumnPath(parseColumnPath(column) ?? []));
    const value =
      part === 'weekday' ? `F.date_format(${path}, "EEEE")` : `F.${functionNames[part]}(${path})`;
    const call = layOutCall('rows = rows.withColumn(', [pythonLiteral(as), value], { levels: 1 });
    return { statements: [`# date-part: ${part}\n${call}`] };
  },
});

function isTime(type: SparkType): boolean {
  return type.kind === 'plain' && (type.name === 'DATE' || type.name === 'TIMESTAMP');
}
