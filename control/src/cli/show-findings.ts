import type { Finding } from '../errors/finding.ts';
import { harmless, paint } from './print-text.ts';

const widest = 120;

/** A finding as `file:line:column`, its line of the spec with a caret, and the hint. */
export function showFinding(file: string, text: string, finding: Finding): string {
  const { line, column, level, rule, message, hint } = finding;
  const colour = level === 'error' ? paint.red : paint.yellow;
  const head = `${file}:${line}:${column} ${colour(level)} ${rule} ${harmless(message)}`;
  return [head, ...frame(text, line, column), `  ${paint.dim('hint:')} ${harmless(hint)}`].join(
    '\n',
  );
}

function frame(text: string, line: number, column: number): readonly string[] {
  const source = text.split(/\r\n|\n|\r/)[line - 1];
  if (source === undefined || source.trim() === '') return [];
  const from = Math.max(0, Math.min(column - 1, column - widest / 2));
  const shown = harmless(source.slice(from, from + widest)).replaceAll('\t', ' ');
  const number = String(line);
  return [
    `  ${paint.dim(`${number} |`)} ${shown}`,
    `  ${' '.repeat(number.length)} ${paint.dim('|')} ${' '.repeat(column - 1 - from)}^`,
  ];
}
