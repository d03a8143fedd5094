import type { ExpressionScope } from '../expressions/expression-piece.ts';
import type { Translation } from '../expressions/translate-expression.ts';
import { printColumnPath } from '../pyspark/column-path.ts';
import type { Column } from '../pyspark/spark-type.ts';
import { findColumn } from './column-problems.ts';
import type { KindProblem } from './define-kind.ts';
import { suggestName } from './nearest-name.ts';

/** Lets an expression name these columns, with the same answers to wrong names as everywhere. */
export function expressionScope(columns: readonly Column[]): ExpressionScope {
  return {
    findColumn: (parts) => {
      const found = findColumn(columns, printColumnPath(parts), []);
      return 'problem' in found ? found.problem : found.type;
    },
    suggest: suggestName,
  };
}

/** What is wrong with an expression that stands at `path` of a kind's settings. */
export function expressionProblems(
  translation: Translation,
  path: KindProblem['path'],
): readonly KindProblem[] {
  return 'problem' in translation ? [{ ...translation.problem, path }] : [];
}
