import type { SparkType } from '../pyspark/spark-type.ts';
import type { ColumnCode } from './column-code.ts';
import { type ExpressionProblem, ExpressionStop, refuse } from './expression-cursor.ts';
import type { ExpressionScope } from './expression-piece.ts';
import { describeType, type ExpressionType, familyOf } from './expression-type.ts';
import { parseExpression } from './parse-expression.ts';
import { translateNode } from './translate-node.ts';

/** An expression as Spark will see it, or the first thing that is wrong with it. */
export type Translation =
  | { readonly type: SparkType; readonly code: ColumnCode }
  | { readonly problem: ExpressionProblem };

/**
 * Reads an expression, checks it against the columns that `scope` knows, and makes PySpark of it. Never throws on
 * what a user wrote, and nothing of its text reaches Python but names and literals, through their printers.
 */
export function translateExpression(text: string, scope: ExpressionScope): Translation {
  try {
    const { type, code } = translateNode(parseExpression(text), scope);
    if (type.kind === 'null') {
      const parameters = { what: 'The expression', type: 'always null', wanted: 'a value' };
      return refuse('EXPRESSION_TYPE', parameters, 0);
    }
    return { type, code };
  } catch (stopped) {
    if (stopped instanceof ExpressionStop) {
      return { problem: stopped.problem };
    }
    throw stopped;
  }
}

/** The same for an expression that says whether something is so. */
export function translateCondition(text: string, scope: ExpressionScope): Translation {
  const translation = translateExpression(text, scope);
  if ('problem' in translation || familyOf(translation.type) === 'boolean') {
    return translation;
  }
  const type: ExpressionType = translation.type;
  const parameters = {
    what: 'The expression',
    type: describeType(type),
    wanted: 'true or false (BOOLEAN)',
  };
  return { problem: { rule: 'EXPRESSION_TYPE', parameters, offset: 0 } };
}
