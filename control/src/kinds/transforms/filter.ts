import { atom, infix, printColumn } from '../../expressions/column-code.ts';
import { translateCondition } from '../../expressions/translate-expression.ts';
import { layOutCall } from '../../pyspark/code-block.ts';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { deadLetterColumn, defineTransform } from '../define-kind.ts';
import { expressionProblems, expressionScope } from '../expression-scope.ts';
import { expressionField } from '../field.ts';

export default defineTransform({
  name: 'filter',
  summary:
    'Keeps the rows for which an expression is true; rows for which it is false or null are left out.',
  schema: expressionField(
    'The expression, such as `price > 10 and name is not null` ([all that it may hold](spec.md#expressions)).',
  ),
  examples: [
    { config: 'total_volume > 1000', input: 'total_volume DOUBLE' },
    {
      config:
        "status in ('SUCCESS', 'STANDBY') and device.temperature between -20 and 60 or measure is null",
      input: 'status STRING, measure STRING, device STRUCT<temperature: BIGINT>',
    },
  ],
  check: (text, input) => {
    const translation = translateCondition(text, expressionScope(input));
    return { columns: input, problems: expressionProblems(translation, []) };
  },
  emit: (text, { deadLetters, columns }) => {
    const translation = translateCondition(text, expressionScope(columns));
    const condition = 'code' in translation ? translation.code : atom('F.lit(True)');
    const isDead = atom(`F.col(${pythonLiteral(deadLetterColumn)}).isNotNull()`);
    const kept = deadLetters ? infix('|', isDead, condition) : condition;
    const where = layOutCall('rows = rows.where(', [printColumn(kept, 8)], { levels: 1 });
    return { statements: [`# filter\n${where}`] };
  },
});
