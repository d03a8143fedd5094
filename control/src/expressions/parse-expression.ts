import {
  type ExpressionCursor,
  peek,
  refuse,
  stands,
  stop,
  take,
  takeOne,
} from './expression-cursor.ts';
import { readExpressionTokens } from './expression-tokens.ts';
import type { BinaryOperator, Expression } from './expression-tree.ts';
import { parseList, parsePattern, parsePrimary } from './parse-primary.ts';

/** How deep an expression may be nested. Spark and Python both read recursively. */
export const deepestExpression = 40;

/**
 * Reads the text of an expression into a tree. From loose to tight: or, and, not, comparison, + and -, * / and %,
 * minus sign.
 * @throws ExpressionStop at the first thing that is not of the grammar.
 */
export function parseExpression(text: string): Expression {
  const cursor: ExpressionCursor = { tokens: readExpressionTokens(text), index: 0, depth: 0 };
  const tree = parseOr(cursor);
  if (peek(cursor).kind !== 'end') {
    stop(cursor, 'an operator (+ - * / % = != < <= > >= and or is in like between) or the end');
  }
  return tree;
}

function parseOr(cursor: ExpressionCursor): Expression {
  cursor.depth += 1;
  if (cursor.depth > deepestExpression) {
    refuse(
      'EXPRESSION_TOO_LARGE',
      { limit: `${deepestExpression} levels deep` },
      peek(cursor).offset,
    );
  }
  const tree = parseChain(cursor, ['or'], parseAnd);
  cursor.depth -= 1;
  return tree;
}

function parseAnd(cursor: ExpressionCursor): Expression {
  return parseChain(cursor, ['and'], parseNot);
}

/** `not` and minus signs are counted instead of nested, so that a row of them needs no depth. */
function parseNot(cursor: ExpressionCursor): Expression {
  const { offset } = peek(cursor);
  let count = 0;
  while (take(cursor, 'not')) {
    count += 1;
  }
  const operand = parseComparison(cursor);
  return count % 2 === 0 ? operand : { kind: 'unary', operator: 'not', operand, offset };
}

function parseComparison(cursor: ExpressionCursor): Expression {
  const left = parseSum(cursor);
  const { offset } = peek(cursor);
  const operator = takeOne(cursor, ['=', '!=', '<>', '<=', '>=', '<', '>']);
  if (operator !== undefined) {
    const plain = operator === '<>' ? '!=' : operator;
    return { kind: 'binary', operator: plain, left, right: parseSum(cursor), offset };
  }
  if (take(cursor, 'is')) {
    const isNegated = take(cursor, 'not');
    if (!take(cursor, 'null')) {
      stop(cursor, '`null`');
    }
    return negate({ kind: 'is-null', operand: left, offset }, isNegated);
  }
  return parseWordTest(cursor, left);
}

/** `x [not] in (...)`, `x [not] like '...'`, `x [not] between a and b`, or `x` alone. */
function parseWordTest(cursor: ExpressionCursor, operand: Expression): Expression {
  const { offset } = peek(cursor);
  const isNegated = take(cursor, 'not');
  if (take(cursor, 'in')) {
    return negate({ kind: 'in', operand, items: parseList(cursor), offset }, isNegated);
  }
  if (take(cursor, 'like')) {
    return negate({ kind: 'like', operand, pattern: parsePattern(cursor), offset }, isNegated);
  }
  if (take(cursor, 'between')) {
    const low = parseSum(cursor);
    if (!take(cursor, 'and')) {
      stop(cursor, '`and`');
    }
    const high = parseSum(cursor);
    return negate({ kind: 'between', operand, low, high, offset }, isNegated);
  }
  return isNegated ? stop(cursor, '`in`, `like` or `between`') : operand;
}

function negate(operand: Expression, isNegated: boolean): Expression {
  return isNegated ? { kind: 'unary', operator: 'not', operand, offset: operand.offset } : operand;
}

function parseSum(cursor: ExpressionCursor): Expression {
  return parseChain(cursor, ['+', '-'], parseProduct);
}

function parseProduct(cursor: ExpressionCursor): Expression {
  return parseChain(cursor, ['*', '/', '%'], parseSign);
}

function parseSign(cursor: ExpressionCursor): Expression {
  const { offset } = peek(cursor);
  let count = 0;
  while (take(cursor, '-')) {
    count += 1;
  }
  const operand = parsePrimary(cursor, parseOr);
  if (count % 2 === 0) {
    return operand;
  }
  if (
    operand.kind === 'literal' &&
    (typeof operand.value === 'bigint' || typeof operand.value === 'number')
  ) {
    return { ...operand, value: -operand.value, offset };
  }
  return { kind: 'unary', operator: '-', operand, offset };
}

/** Operators of one strength, from left to right. A chain is a tree as deep as it is long. */
function parseChain(
  cursor: ExpressionCursor,
  operators: readonly BinaryOperator[],
  parseOperand: (cursor: ExpressionCursor) => Expression,
): Expression {
  let left = parseOperand(cursor);
  for (let length = 1; operators.some((operator) => stands(cursor, operator)); length += 1) {
    const { offset } = peek(cursor);
    if (length > deepestExpression) {
      refuse('EXPRESSION_TOO_LARGE', { limit: `${deepestExpression} operators in a row` }, offset);
    }
    const operator = takeOne(cursor, operators) ?? 'or';
    left = { kind: 'binary', operator, left, right: parseOperand(cursor), offset };
  }
  return left;
}
