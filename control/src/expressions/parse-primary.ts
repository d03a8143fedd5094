import { quoteText } from '../errors/quote-value.ts';
import { isColumnName } from '../pyspark/spark-type.ts';
import {
  type ExpressionCursor,
  expect,
  peek,
  refuse,
  stands,
  stop,
  take,
} from './expression-cursor.ts';
import type {
  CaseExpression,
  ColumnExpression,
  Expression,
  LiteralExpression,
} from './expression-tree.ts';

type ParseWhole = (cursor: ExpressionCursor) => Expression;

/** More values in one list belong into a table that is joined. */
const mostItems = 200;

/** Words that are never a column unless they stand in backticks. */
const keywords = new Set(
  'and or not is in like between case when then else end null true false'.split(' '),
);

/** A value: in brackets, a literal, a column, a call or a case. `parseWhole` reads what stands inside brackets. */
export function parsePrimary(cursor: ExpressionCursor, parseWhole: ParseWhole): Expression {
  if (take(cursor, '(')) {
    const inner = parseWhole(cursor);
    expect(cursor, ')');
    return inner;
  }
  if (stands(cursor, 'case')) {
    return parseCase(cursor, parseWhole);
  }
  const literal = takeLiteral(cursor);
  if (literal !== undefined) {
    return literal;
  }
  const isName = peek(cursor).kind === 'word' && !isKeyword(peek(cursor).text);
  return isName && stands(cursor, '(', 1) ? parseCall(cursor, parseWhole) : parseColumn(cursor);
}

function isKeyword(word: string): boolean {
  return keywords.has(word.toLowerCase());
}

function parseCase(cursor: ExpressionCursor, parseWhole: ParseWhole): CaseExpression {
  const { offset } = peek(cursor);
  expect(cursor, 'case');
  const branches: CaseExpression['branches'][number][] = [];
  do {
    expect(cursor, 'when');
    const when = parseWhole(cursor);
    expect(cursor, 'then');
    branches.push({ when, value: parseWhole(cursor) });
  } while (stands(cursor, 'when'));
  const otherwise = take(cursor, 'else') ? { otherwise: parseWhole(cursor) } : {};
  expect(cursor, 'end');
  return { kind: 'case', branches, ...otherwise, offset };
}

function parseCall(cursor: ExpressionCursor, parseWhole: ParseWhole): Expression {
  const { text, offset } = peek(cursor);
  cursor.index += 1;
  expect(cursor, '(');
  const parameters: Expression[] = [];
  if (!take(cursor, ')')) {
    do {
      parameters.push(parseWhole(cursor));
    } while (take(cursor, ','));
    expect(cursor, ')');
  }
  return { kind: 'call', name: text.toLowerCase(), parameters, offset };
}

function parseColumn(cursor: ExpressionCursor): ColumnExpression {
  const { offset } = peek(cursor);
  const parts = [parseName(cursor)];
  while (take(cursor, '.')) {
    parts.push(parseName(cursor));
  }
  return { kind: 'column', parts, offset };
}

function parseName(cursor: ExpressionCursor): string {
  const { kind, text, offset } = peek(cursor);
  if (kind !== 'quoted' && (kind !== 'word' || isKeyword(text))) {
    stop(cursor, "a column, a number, a text in '...', a function or `(`");
  }
  if (!isColumnName(text)) {
    refuse('COLUMN_NAME', { name: quoteText(text) }, offset);
  }
  cursor.index += 1;
  return text;
}

/** The literals of `in (...)`. */
export function parseList(cursor: ExpressionCursor): readonly LiteralExpression[] {
  const { offset } = peek(cursor);
  const items: LiteralExpression[] = [];
  expect(cursor, '(');
  do {
    items.push(takeItem(cursor));
  } while (take(cursor, ','));
  expect(cursor, ')');
  if (items.length > mostItems) {
    refuse('EXPRESSION_TOO_LARGE', { limit: `${mostItems} values in a list` }, offset);
  }
  return items;
}

function takeItem(cursor: ExpressionCursor): LiteralExpression {
  const { offset } = peek(cursor);
  const isNegative = take(cursor, '-');
  const literal = takeLiteral(cursor);
  if (literal === undefined || literal.value === null) {
    stop(cursor, "a number, a text in '...', true or false");
  }
  if (!isNegative) {
    return literal;
  }
  if (typeof literal.value !== 'bigint' && typeof literal.value !== 'number') {
    stop(cursor, 'a number after `-`');
  }
  return { ...literal, value: -literal.value, offset };
}

/** The text of `like`. A backslash may only stand before `%`, `_` or another one: Spark fails at others. */
export function parsePattern(cursor: ExpressionCursor): string {
  const { kind, text } = peek(cursor);
  if (kind !== 'text' || !/^(?:[^\\]|\\[%_\\])*$/su.test(text)) {
    stop(cursor, "a text in '...' in which a backslash stands only before % or _ or a backslash");
  }
  cursor.index += 1;
  return text;
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function takeLiteral(cursor: ExpressionCursor): LiteralExpression | undefined {
  const { kind, text, offset } = peek(cursor);
  const word = kind === 'word' ? words.get(text.toLowerCase()) : undefined;
  const value = kind === 'text' ? text : kind === 'number' ? readNumber(text, offset) : word;
  if (value === undefined) {
    return undefined;
  }
  cursor.index += 1;
  return { kind: 'literal', value, offset };
}

const largest = 2n ** 63n - 1n;

/** Whole numbers fit a BIGINT, others are a DOUBLE's exact writing; nothing is rounded in silence. */
function readNumber(text: string, offset: number): bigint | number {
  if (text.length <= 40 && /^\d+$/.test(text) && BigInt(text) <= largest) {
    return BigInt(text);
  }
  const value = Number(text);
  if (/^\d+$/.test(text) || !Number.isFinite(value) || digitsOf(String(value)) !== digitsOf(text)) {
    refuse('EXPRESSION_NUMBER', { value: quoteText(text) }, offset);
  }
  return value;
}

/** The digits that count, with the place of the point: the same for all writings of one number. */
function digitsOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') {
    return '0';
  }
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${significant}e${scale}`;
}
