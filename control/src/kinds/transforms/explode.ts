import { Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import { parseColumnPath, printColumnPath } from '../../pyspark/column-path.ts';
import { pythonLiteral, textInComment } from '../../pyspark/python-literal.ts';
import { checkNewName, findColumn, shortType } from '../column-problems.ts';
import { defineTransform } from '../define-kind.ts';
import { columnField } from '../field.ts';

const schema = Type.Object(
  {
    column: columnField(
      'The list to take apart: a column, or a field inside one, of an ARRAY type.',
    ),
    as: Type.String({
      description: 'The name of the new column that holds one element.',
      minLength: 1,
      maxLength: 255,
    }),
  },
  { additionalProperties: false },
);

export default defineTransform({
  name: 'explode',
  summary:
    'Makes one row for each element of a list. A row whose list is empty or missing gives no row.',
  schema,
  examples: [
    {
      config: { column: 'data.devices', as: 'device' },
      input: 'id STRING, data STRUCT<devices: ARRAY<STRUCT<deviceId: STRING>>>',
    },
  ],
  check: (config, input) => {
    const found = findColumn(input, config.column, ['column']);
    if ('problem' in found) {
      return { problems: [found.problem] };
    }
    const { type } = found;
    if (type.kind !== 'array') {
      const parameters = { name: quoteText(config.column), type: shortType(type) };
      return { problems: [{ rule: 'EXPLODE_NOT_ARRAY', parameters, path: ['column'] }] };
    }
    const taken = input.map((column) => column.name);
    const problems = checkNewName(config.as, taken, ['as']);
    return { columns: [...input, { name: config.as, type: type.element }], problems };
  },
  emit: (config, { deadLetters }) => {
    const path = printColumnPath(parseColumnPath(config.column) ?? []);
    const column = pythonLiteral(path);
    const list = deadLetters ? `unless_dead(${column})` : column;
    return {
      statements: [
        `# explode: one row for each element of ${textInComment(path)}\n` +
          `rows = rows.withColumn(${pythonLiteral(config.as)}, F.explode(${list}))`,
      ],
      functions: deadLetters ? [unlessDead] : [],
    };
  },
});

const unlessDead = `\
def unless_dead(column):
    """The list in a column; on dead letters one null, so that explode keeps their row."""
    return F.when(F.col("_dead_letter").isNull(), F.col(column)).otherwise(F.array(F.lit(None)))`;
