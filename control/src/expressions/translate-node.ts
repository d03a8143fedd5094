import { printColumnPath } from '../pyspark/column-path.ts';
import { pythonFloat, pythonLiteral } from '../pyspark/python-literal.ts';
import { plainType } from '../pyspark/spark-type.ts';
import { atom, type ColumnCode, call, type InfixOperator, infix, method } from './column-code.ts';
import { refuse } from './expression-cursor.ts';
import {
  besideColumn,
  demandFamily,
  type ExpressionScope,
  makePiece,
  type Piece,
} from './expression-piece.ts';
import type {
  BinaryExpression,
  CaseExpression,
  ColumnExpression,
  Expression,
  LiteralExpression,
} from './expression-tree.ts';
import type { ExpressionType } from './expression-type.ts';
import { translateArithmetic, translateMinus } from './translate-arithmetic.ts';
import { demandCommon, translateCall } from './translate-call.ts';

/**
 * One part of an expression and all below it, with types checked from the leaves up.
 * @throws ExpressionStop at the first type that does not fit.
 */
export function translateNode(node: Expression, scope: ExpressionScope): Piece {
  const inner = (part: Expression): Piece => translateNode(part, scope);
  switch (node.kind) {
    case 'literal':
      return translateLiteral(node);
    case 'column':
      return translateColumn(node, scope);
    case 'unary':
      return node.operator === '-'
        ? translateMinus(inner(node.operand), node.offset)
        : translateNot(node.operand, inner(node.operand));
    case 'binary':
      return translateBinary(node, inner(node.left), inner(node.right));
    case 'case':
      return translateCase(node, inner);
    case 'call':
      return translateCall(node, node.parameters.map(inner), scope);
    default:
      return translateTest(node, inner);
  }
}

function translateLiteral({ value, offset }: LiteralExpression): Piece {
  const literal = literalText(value);
  const type = literalType(value);
  return makePiece({ type, code: atom(`F.lit(${literal})`), literal, offset });
}

function literalText(value: LiteralExpression['value']): string {
  if (value === null) {
    return 'None';
  }
  return typeof value === 'number' ? pythonFloat(value) : pythonLiteral(value);
}

function literalType(value: LiteralExpression['value']): ExpressionType {
  switch (typeof value) {
    case 'string':
      return plainType('STRING');
    case 'boolean':
      return plainType('BOOLEAN');
    case 'number':
      return plainType('DOUBLE');
    case 'bigint':
      return plainType(value >= -(2n ** 31n) && value < 2n ** 31n ? 'INT' : 'BIGINT');
    default:
      return { kind: 'null' };
  }
}

/** A FLOAT is read as DOUBLE: beside a whole number Spark would take it for one only in ANSI mode. */
function translateColumn({ parts, offset }: ColumnExpression, scope: ExpressionScope): Piece {
  const found = scope.findColumn(parts);
  if ('rule' in found) {
    return refuse(found.rule, found.parameters, offset);
  }
  const code = call('col', [atom(pythonLiteral(printColumnPath(parts)))]);
  return found.kind === 'plain' && found.name === 'FLOAT'
    ? makePiece({
        type: plainType('DOUBLE'),
        code: method(code, 'cast', [atom('"double"')]),
        offset,
      })
    : makePiece({ type: found, code, offset });
}

function translateNot(node: Expression, operand: Piece): Piece {
  const { offset, code } = operand;
  demandFamily(operand, 'boolean', 'What follows `not`');
  const isNullTest = node.kind === 'is-null' && code.kind === 'call';
  return makePiece({
    type: operand.type,
    code: isNullTest
      ? { ...code, name: '.isNotNull' }
      : { kind: 'prefix', operator: '~', operand: code },
    offset,
    of: [operand],
  });
}

const tests: ReadonlyMap<BinaryExpression['operator'], InfixOperator> = new Map([
  ['=', '=='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

function translateBinary(node: BinaryExpression, left: Piece, right: Piece): Piece {
  const { operator, offset } = node;
  const test = tests.get(operator);
  if (test !== undefined) {
    demandComparable([left, right], { name: operator, offset });
    return makeTest(infix(test, left.code, besideColumn(right)), [left, right], offset);
  }
  if (operator === 'and' || operator === 'or') {
    demandFamily(left, 'boolean', `The left side of \`${operator}\``);
    demandFamily(right, 'boolean', `The right side of \`${operator}\``);
    const mark = operator === 'and' ? '&' : '|';
    return makeTest(infix(mark, left.code, right.code), [left, right], offset);
  }
  return translateArithmetic(operator as '+', left, { right, offset });
}

function makeTest(code: ColumnCode, of: readonly Piece[], offset: number): Piece {
  return makePiece({ type: plainType('BOOLEAN'), code, offset, of });
}

function demandComparable(
  pieces: readonly Piece[],
  { name, offset }: { readonly name: string; readonly offset: number },
): void {
  const missing = pieces.find(({ type }) => type.kind === 'null');
  if (missing !== undefined) {
    const wanted = 'a value; `is null` finds missing ones';
    refuse(
      'EXPRESSION_TYPE',
      { what: `One side of \`${name}\``, type: 'null', wanted },
      missing.offset,
    );
  }
  demandCommon(pieces, { what: `The sides of \`${name}\``, offset });
}

type Test = Expression & { readonly kind: 'is-null' | 'in' | 'like' | 'between' };

function translateTest(node: Test, inner: (part: Expression) => Piece): Piece {
  const { offset } = node;
  const operand = inner(node.operand);
  switch (node.kind) {
    case 'is-null':
      return makeTest(method(operand.code, 'isNull'), [operand], offset);
    case 'like':
      demandFamily(operand, 'text', 'The left side of `like`');
      return makeTest(
        method(operand.code, 'like', [atom(pythonLiteral(node.pattern))]),
        [operand],
        offset,
      );
    case 'in': {
      const items = node.items.map(inner);
      demandComparable([operand, ...items], { name: 'in', offset });
      return makeTest(
        method(operand.code, 'isin', items.map(besideColumn)),
        [operand, ...items],
        offset,
      );
    }
    case 'between': {
      const [low, high] = [inner(node.low), inner(node.high)];
      demandComparable([operand, low, high], { name: 'between', offset });
      const code = method(operand.code, 'between', [besideColumn(low), besideColumn(high)]);
      return makeTest(code, [operand, operand, low, high], offset);
    }
  }
}

function translateCase(node: CaseExpression, inner: (part: Expression) => Piece): Piece {
  const { offset } = node;
  const branches = node.branches.map(({ when, value }) => ({
    when: inner(when),
    value: inner(value),
  }));
  const otherwise = node.otherwise === undefined ? [] : [inner(node.otherwise)];
  for (const { when } of branches) {
    demandFamily(when, 'boolean', 'What follows `when`');
  }
  const values = [...branches.map(({ value }) => value), ...otherwise];
  const type = demandCommon(values, { what: 'The values of `case`', offset });
  const whens = branches.reduce<ColumnCode | undefined>((chain, { when, value }) => {
    const parts = [when.code, besideColumn(value)];
    return chain === undefined ? call('when', parts) : method(chain, 'when', parts);
  }, undefined);
  const code = otherwise.reduce<ColumnCode>(
    (chain, value) => method(chain, 'otherwise', [besideColumn(value)]),
    whens ?? atom('F.lit(None)'),
  );
  return makePiece({ type, code, offset, of: [...branches.map(({ when }) => when), ...values] });
}
