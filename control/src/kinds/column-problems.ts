import { quoteText } from '../errors/quote-value.ts';
import { parseColumnPath, printColumnPath, resolveColumn } from '../pyspark/column-path.ts';
import { type Column, isColumnName, printType, type SparkType } from '../pyspark/spark-type.ts';
import { deadLetterColumn, type KindProblem } from './define-kind.ts';
import { suggestName } from './nearest-name.ts';

/** A column that a step takes, or why it cannot. */
export type ColumnFound =
  | { readonly type: SparkType; readonly name: string }
  | { readonly problem: KindProblem };

/** Finds the column a setting names. `path` leads to the setting, for the problem's sake. */
export function findColumn(
  columns: readonly Column[],
  text: string,
  path: KindProblem['path'],
): ColumnFound {
  const parts = parseColumnPath(text);
  if (parts === undefined) {
    return { problem: { rule: 'COLUMN_PATH', parameters: { path: quoteText(text) }, path } };
  }
  const resolution = resolveColumn(columns, parts);
  if (resolution.found) {
    return { type: resolution.type, name: parts.at(-1) ?? '' };
  }
  const found = printColumnPath(parts.slice(0, resolution.at));
  const missing = parts[resolution.at] ?? '';
  if (resolution.dead !== undefined) {
    const parameters = { name: found, type: shortType(resolution.dead), field: quoteText(missing) };
    return { problem: { rule: 'COLUMN_NOT_NESTED', parameters, path } };
  }
  const parameters = {
    name: quoteText(missing),
    where: found === '' ? 'at this step' : `in ${found}`,
    columns: listNames(resolution.candidates),
    suggestion: suggestName(missing, resolution.candidates),
  };
  return { problem: { rule: 'COLUMN_UNKNOWN', parameters, path } };
}

/** Checks a name that a step gives to a column. */
export function checkNewName(
  name: string,
  taken: readonly string[],
  path: KindProblem['path'],
): readonly KindProblem[] {
  const key = name.toLowerCase();
  if (!isColumnName(name) || key === deadLetterColumn) {
    return [{ rule: 'COLUMN_NAME', parameters: { name: quoteText(name) }, path }];
  }
  if (taken.some((other) => other.toLowerCase() === key)) {
    return [{ rule: 'COLUMN_DUPLICATE', parameters: { name: quoteText(name) }, path }];
  }
  return [];
}

/** A type in few words, for messages. */
export function shortType(type: SparkType): string {
  const text = printType(type);
  return text.length <= 40 ? text : `${text.slice(0, 40)}...`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(quoteText);
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ');
}
