import { plainType } from '../pyspark/spark-type.ts';
import { atom, type ColumnCode, call, infix, method } from './column-code.ts';
import { refuse } from './expression-cursor.ts';
import {
  besideColumn,
  demandFamily,
  type ExpressionScope,
  makePiece,
  type Piece,
} from './expression-piece.ts';
import type { CallExpression } from './expression-tree.ts';
import { commonType, describeType, type ExpressionType } from './expression-type.ts';
import { type ListedFunction, listedFunctions, type ParameterForm } from './function-list.ts';
import { translateAbs } from './translate-arithmetic.ts';

/** A call of a listed function; `given` are its parameters. */
export function translateCall(
  node: CallExpression,
  given: readonly Piece[],
  scope: ExpressionScope,
): Piece {
  const { name, offset } = node;
  const listed = findFunction(node, scope);
  checkCount(node, listed);
  for (const [index, piece] of given.entries()) {
    checkParameter(piece, formAt(listed, index), `Parameter ${index + 1} of ${name}`);
  }
  const type = resultType(node, listed, given);
  const special = specialCalls.get(name);
  if (special !== undefined) {
    return special({ given, type, offset });
  }
  return makePiece({ type, code: plainCall(listed, given), offset, of: given });
}

function findFunction({ name, offset }: CallExpression, scope: ExpressionScope): ListedFunction {
  const listed = listedFunctions.get(name);
  if (listed === undefined) {
    const names = [...listedFunctions.keys()];
    const parameters = {
      name,
      functions: names.join(', '),
      suggestion: scope.suggest(name, names),
    };
    return refuse('EXPRESSION_FUNCTION', parameters, offset);
  }
  return listed;
}

function checkCount({ name, parameters, offset }: CallExpression, listed: ListedFunction): void {
  const most = listed.isOpen === true ? mostParameters : listed.parameters.length;
  const least = listed.parameters.length - (listed.optional ?? 0);
  const count = parameters.length;
  if (count < least || count > most) {
    const upTo = most === least ? `${least}` : `${least} to ${most}`;
    refuse('EXPRESSION_PARAMETERS', { name, count, wanted: upTo }, offset);
  }
}

const mostParameters = 50;

function formAt({ parameters }: ListedFunction, index: number): ParameterForm {
  return parameters[Math.min(index, parameters.length - 1)] ?? 'any';
}

function checkParameter(piece: Piece, form: ParameterForm, what: string): void {
  if (form === 'whole-number') {
    if (!/^-?\d{1,9}$/.test(piece.literal ?? '')) {
      const wanted = 'a whole number that is written out';
      refuse('EXPRESSION_TYPE', { what, type: describeType(piece.type), wanted }, piece.offset);
    }
    return;
  }
  if (form !== 'any' && piece.type.kind !== 'null') {
    demandFamily(piece, form, what);
  }
}

function resultType(
  { name, offset }: CallExpression,
  listed: ListedFunction,
  given: readonly Piece[],
): ExpressionType {
  if (listed.result !== 'common') {
    return plainType(listed.result);
  }
  const forms = given.map((piece, index) => ({ piece, form: formAt(listed, index) }));
  const counted = forms.filter(({ form }) => form === 'any' || form === 'number');
  return demandCommon(
    counted.map(({ piece }) => piece),
    { what: `The parameters of ${name}`, offset },
  );
}

/** @throws ExpressionStop when the pieces have no common type. */
export function demandCommon(
  pieces: readonly Piece[],
  { what, offset }: { readonly what: string; readonly offset: number },
): ExpressionType {
  const types = pieces.map((piece) => piece.type);
  const common = commonType(types);
  if (common === undefined) {
    const shown = [...new Set(types.map(describeType))].join(' and ');
    const wanted = 'of one sort: numbers, texts, times, or true and false';
    return refuse('EXPRESSION_TYPE', { what, type: shown, wanted }, offset);
  }
  return common;
}

function plainCall(listed: ListedFunction, given: readonly Piece[]): ColumnCode {
  const { python = '' } = listed;
  const [first, ...rest] = given;
  if (python.startsWith('.') && first !== undefined) {
    return method(first.code, python.slice(1), rest.map(besideColumn));
  }
  const parts = given.map((piece, index) =>
    formAt(listed, index) === 'whole-number' ? besideColumn(piece) : piece.code,
  );
  return call(python, parts);
}

interface SpecialCall {
  readonly given: readonly Piece[];
  readonly type: ExpressionType;
  readonly offset: number;
}

/** Those that are no single function of PySpark, or none that is safe on each version. */
const specialCalls: ReadonlyMap<string, (facts: SpecialCall) => Piece> = new Map([
  [
    'abs',
    ({ given: [operand], offset, type }) =>
      operand ? translateAbs(operand, offset) : nothing(type, offset),
  ],
  [
    'nullif',
    ({ given, type, offset }) =>
      makePiece({ type, code: nullIfEqual(given), offset, of: [...given, ...given.slice(0, 1)] }),
  ],
  [
    'if',
    ({ given, type, offset }) => makePiece({ type, code: conditional(given), offset, of: given }),
  ],
  [
    'to_date',
    ({ given, type, offset }) =>
      makePiece({
        type,
        code: castTo(call('try_to_timestamp', codesOf(given)), 'date'),
        offset,
        of: given,
      }),
  ],
  [
    'datediff',
    ({ given, type, offset }) => {
      const days = codesOf(given).map((code) => castTo(code, 'date'));
      return makePiece({ type, code: call('datediff', days), offset, of: given });
    },
  ],
]);

function codesOf(pieces: readonly Piece[]): readonly ColumnCode[] {
  return pieces.map(({ code }) => code);
}

function conditional([condition, then, otherwise]: readonly Piece[]): ColumnCode {
  if (condition === undefined || then === undefined || otherwise === undefined) {
    return atom('F.lit(None)');
  }
  const when = call('when', [condition.code, besideColumn(then)]);
  return method(when, 'otherwise', [besideColumn(otherwise)]);
}

/** F.nullif of Spark 3.5 fails at a column that it has not yet resolved. */
function nullIfEqual([value, other]: readonly Piece[]): ColumnCode {
  if (value === undefined || other === undefined) {
    return atom('F.lit(None)');
  }
  const isEqual = infix('==', value.code, besideColumn(other));
  return method(call('when', [isEqual, atom('None')]), 'otherwise', [value.code]);
}

function castTo(code: ColumnCode, type: 'date'): ColumnCode {
  return method(code, 'cast', [atom(`"${type}"`)]);
}

/** The count of parameters has been checked before. */
function nothing(type: ExpressionType, offset: number): Piece {
  return makePiece({ type, code: atom('F.lit(None)'), offset });
}
