import type { SparkType } from '../pyspark/spark-type.ts';
import { atom, type ColumnCode } from './column-code.ts';
import { type ExpressionProblem, refuse } from './expression-cursor.ts';
import { describeType, type ExpressionType, type Family, familyOf } from './expression-type.ts';

/** What an expression may name, and how a wrong name is answered. */
export interface ExpressionScope {
  readonly findColumn: (parts: readonly string[]) => SparkType | Omit<ExpressionProblem, 'offset'>;
  /** A hint for a name that is not there. */
  readonly suggest: (name: string, candidates: readonly string[]) => string;
}

/** A part of an expression, checked and translated. */
export interface Piece {
  readonly type: ExpressionType;
  readonly code: ColumnCode;
  readonly offset: number;
  /** A literal as Python itself has it, for places where PySpark takes one beside a column. */
  readonly literal?: string;
  /** How many parts Spark will see; it writes some of them twice. */
  readonly weight: number;
  readonly depth: number;
}

interface PieceFacts {
  readonly type: ExpressionType;
  readonly code: ColumnCode;
  readonly offset: number;
  readonly literal?: string;
  /** What it is made of; a part that Spark will see twice stands here twice. */
  readonly of?: readonly Piece[];
}

/** Spark plans a tree recursively and copies it often. */
const deepest = 60;
const heaviest = 1000;

/** @throws ExpressionStop when the whole becomes more than Spark should be given. */
export function makePiece({ of = [], ...facts }: PieceFacts): Piece {
  const weight = 1 + of.reduce((sum, part) => sum + part.weight, 0);
  const depth = 1 + of.reduce((most, part) => Math.max(most, part.depth), 0);
  if (depth > deepest) {
    refuse('EXPRESSION_TOO_LARGE', { limit: `${deepest} levels deep` }, facts.offset);
  }
  if (weight > heaviest) {
    refuse('EXPRESSION_TOO_LARGE', { limit: `${heaviest} parts` }, facts.offset);
  }
  return { ...facts, weight, depth };
}

/** For a place where PySpark takes a plain Python value as well as a column. */
export function besideColumn({ literal, code }: Piece): ColumnCode {
  return literal === undefined ? code : atom(literal);
}

const familyNames: Readonly<Record<Family, string>> = {
  number: 'a number',
  text: 'a text (STRING)',
  boolean: 'true or false (BOOLEAN)',
  time: 'a DATE or TIMESTAMP',
  other: 'a value',
};

/** @throws ExpressionStop naming `what` when a piece is of another family of types. */
export function demandFamily(piece: Piece, family: Family, what: string): void {
  if (familyOf(piece.type) !== family) {
    const parameters = { what, type: describeType(piece.type), wanted: familyNames[family] };
    refuse('EXPRESSION_TYPE', parameters, piece.offset);
  }
}
