import { styleText } from 'node:util';
import { oneLine } from './page-fetcher.ts';
import type { PageSpec } from './page-spec.ts';
import type { PageRow } from './read-rows.ts';

const WIDEST = 40;

/** Rows as a table for people, one line each; figures stand to the right. */
export function printRowTable(rows: readonly PageRow[], spec: Pick<PageSpec, 'fields'>): string {
  const names = spec.fields.map(({ name }) => name);
  const cells = rows.map(({ values }) => values.map(showValue));
  const widths = names.map((name, column) =>
    Math.max(...[name, ...cells.map((row) => row[column] ?? '')].map((text) => [...text].length)),
  );
  const numeric = spec.fields.map(({ type }) => type === 'number' || type === 'integer');
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => pad(text, widths[column] ?? 0, numeric[column] === true))
      .join('  ')
      .trimEnd();
  const head = styleText('bold', line(names), { stream: process.stdout });
  return [head, ...cells.map(line)].join('\n');
}

function showValue(json: string): string {
  const value: unknown = json.startsWith('"') ? JSON.parse(json) : undefined;
  const text = typeof value === 'string' ? oneLine(value) : json === 'null' ? '' : json;
  const letters = [...text];
  return letters.length > WIDEST ? `${letters.slice(0, WIDEST - 1).join('')}…` : text;
}

/** Counts letters as people do, but for those made of several. */
function pad(text: string, width: number, toRight: boolean): string {
  const blanks = ' '.repeat(Math.max(width - [...text].length, 0));
  return toRight ? `${blanks}${text}` : `${text}${blanks}`;
}
