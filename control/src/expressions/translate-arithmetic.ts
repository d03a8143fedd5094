import { plainType } from '../pyspark/spark-type.ts';
import { atom, type ColumnCode, call, infix, method } from './column-code.ts';
import { besideColumn, demandFamily, makePiece, type Piece } from './expression-piece.ts';
import type { ArithmeticOperator } from './expression-tree.ts';
import { commonType, type ExpressionType, isDouble } from './expression-type.ts';

const tryNames = { '+': 'try_add', '-': 'try_subtract', '*': 'try_multiply' } as const;

/**
 * Arithmetic that gives null where Spark would fail or wrap, in ANSI mode and out of it: a whole number that
 * overflows, a division by zero.
 */
export function translateArithmetic(
  operator: ArithmeticOperator,
  left: Piece,
  { right, offset }: { readonly right: Piece; readonly offset: number },
): Piece {
  demandFamily(left, 'number', `The left side of \`${operator}\``);
  demandFamily(right, 'number', `The right side of \`${operator}\``);
  const common = commonType([left.type, right.type]) ?? left.type;
  const type = operator === '/' && common.kind === 'plain' ? plainType('DOUBLE') : common;
  const code = arithmeticCode(operator, [left, right], type);
  const of = operator === '%' ? [left, right, right] : [left, right];
  return makePiece({ type, code, offset, of });
}

function arithmeticCode(
  operator: ArithmeticOperator,
  [left, right]: readonly [Piece, Piece],
  type: ExpressionType,
): ColumnCode {
  if (operator === '/') {
    return call('try_divide', [left.code, right.code]);
  }
  if (operator === '%') {
    const remainder = infix('%', left.code, besideColumn(right));
    const isSafe = right.literal !== undefined && Number(right.literal) !== 0;
    return isSafe ? remainder : call('when', [infix('!=', right.code, atom('0')), remainder]);
  }
  return isDouble(type)
    ? infix(operator, left.code, besideColumn(right))
    : call(tryNames[operator], [left.code, right.code]);
}

/** `-x`; of the least whole number there is none. */
export function translateMinus(operand: Piece, offset: number): Piece {
  demandFamily(operand, 'number', 'What follows `-`');
  const { type, code } = operand;
  if (!isWhole(type)) {
    return makePiece({
      type,
      code: { kind: 'prefix', operator: '-', operand: code },
      offset,
      of: [operand],
    });
  }
  return makePiece({ type: withInt(type), code: negated(code), offset, of: [operand] });
}

/** F.abs fails at the least whole number in ANSI mode. */
export function translateAbs(operand: Piece, offset: number): Piece {
  const { type, code } = operand;
  if (!isWhole(type)) {
    return makePiece({ type, code: call('abs', [code]), offset, of: [operand] });
  }
  const isPositive = infix('>=', code, atom('0'));
  const absolute = method(call('when', [isPositive, code]), 'otherwise', [negated(code)]);
  return makePiece({
    type: withInt(type),
    code: absolute,
    offset,
    of: [operand, operand, operand],
  });
}

function isWhole(type: ExpressionType): boolean {
  return type.kind === 'plain' && !isDouble(type);
}

function negated(code: ColumnCode): ColumnCode {
  return call('try_subtract', [atom('F.lit(0)'), code]);
}

function withInt(type: ExpressionType): ExpressionType {
  return commonType([type, plainType('INT')]) ?? type;
}
