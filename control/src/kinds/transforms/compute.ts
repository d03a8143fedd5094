import { type Static, Type } from 'typebox';
import { printColumn } from '../../expressions/column-code.ts';
import { type Translation, translateExpression } from '../../expressions/translate-expression.ts';
import { layOutCall } from '../../pyspark/code-block.ts';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import type { Column } from '../../pyspark/spark-type.ts';
import { checkNewName } from '../column-problems.ts';
import { defineTransform, type KindProblem } from '../define-kind.ts';
import { expressionProblems, expressionScope } from '../expression-scope.ts';
import { expressionField } from '../field.ts';

const schema = Type.Unsafe<Readonly<Record<string, string>>>({
  type: 'object',
  description:
    'New columns by name, each with its [expression](spec.md#expressions). All of one step see the columns before ' +
    'the step; a name that is there already replaces that column in its place.',
  minProperties: 1,
  maxProperties: 200,
  additionalProperties: expressionField('An expression.'),
});
type Config = Static<typeof schema>;

export default defineTransform({
  name: 'compute',
  summary:
    'Adds columns that are computed from others. What cannot be computed (a division by zero) is null.',
  schema,
  examples: [
    {
      config: { volatility_24h: '(high_24h - low_24h) / current_price * 100' },
      input: 'high_24h DOUBLE, low_24h DOUBLE, current_price DOUBLE',
    },
    {
      config: {
        name: 'upper(trim(name))',
        size: "case when volume is null then 'unknown' when volume > 1e6 then 'large' else 'small' end",
      },
      input: 'name STRING, volume BIGINT',
    },
  ],
  check: (config, input) => {
    const columns = [...input];
    const problems: KindProblem[] = [];
    for (const [name, translation] of translateAll(config, input)) {
      problems.push(...expressionProblems(translation, [name]), ...checkName(name, columns));
      if ('type' in translation) {
        placeColumn(columns, { name, type: translation.type });
      }
    }
    return problems.length > 0 ? { problems } : { columns };
  },
  emit: (config, { columns }) => ({
    statements: [`# compute\n${layOut(translateAll(config, columns))}`],
  }),
});

type NamedTranslation = readonly [name: string, translation: Translation];

function translateAll(config: Config, columns: readonly Column[]): readonly NamedTranslation[] {
  const scope = expressionScope(columns);
  return Object.entries(config).map(([name, text]) => [name, translateExpression(text, scope)]);
}

/** A column may take the very name of another one, not one that differs in capitals only. */
function checkName(name: string, columns: readonly Column[]): readonly KindProblem[] {
  const others = columns.map((column) => column.name).filter((other) => other !== name);
  return checkNewName(name, others, [name]);
}

function placeColumn(columns: Column[], column: Column): void {
  const at = columns.findIndex(({ name }) => name === column.name);
  columns.splice(at === -1 ? columns.length : at, at === -1 ? 0 : 1, column);
}

function layOut(named: readonly NamedTranslation[]): string {
  const [first] = named;
  if (first !== undefined && named.length === 1) {
    const parts = [pythonLiteral(first[0]), printValue(first[1], 8)];
    return layOutCall('rows = rows.withColumn(', parts, { levels: 1 });
  }
  const entries = named.map(([name, translation]) => {
    const key = `${pythonLiteral(name)}: `;
    return key + printValue(translation, 12 + key.length);
  });
  const all = layOutCall('{', entries, { close: '}', levels: 2 });
  return layOutCall('rows = rows.withColumns(', [all], { levels: 1 });
}

function printValue(translation: Translation, before: number): string {
  return 'code' in translation ? printColumn(translation.code, before) : 'F.lit(None)';
}
