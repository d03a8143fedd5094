import { plainType, printType, type SparkType } from '../pyspark/spark-type.ts';

/** The type of a part of an expression; that of the word null fits everywhere. */
export type ExpressionType = SparkType | { readonly kind: 'null' };

/** Types between which values can be compared. */
export type Family = 'number' | 'text' | 'boolean' | 'time' | 'other';

const widths = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'] as const;

/** Undefined for null. */
export function familyOf(type: ExpressionType): Family | undefined {
  if (type.kind === 'null') {
    return undefined;
  }
  if (type.kind === 'decimal') {
    return 'number';
  }
  if (type.kind !== 'plain' || type.name === 'BINARY') {
    return 'other';
  }
  switch (type.name) {
    case 'STRING':
      return 'text';
    case 'BOOLEAN':
      return 'boolean';
    case 'DATE':
    case 'TIMESTAMP':
      return 'time';
    default:
      return 'number';
  }
}

export function isDouble(type: ExpressionType): boolean {
  return type.kind === 'plain' && type.name === 'DOUBLE';
}

/** The type that holds the values of all of them; undefined when they are of different families. */
export function commonType(types: readonly ExpressionType[]): ExpressionType | undefined {
  return types.reduce<ExpressionType | undefined>((left, right) => left && widen(left, right), {
    kind: 'null',
  });
}

function widen(left: ExpressionType, right: ExpressionType): ExpressionType | undefined {
  if (left.kind === 'null' || right.kind === 'null') {
    return left.kind === 'null' ? right : left;
  }
  const family = familyOf(left);
  if (family !== familyOf(right) || family === 'other') {
    return undefined;
  }
  switch (family) {
    case 'number':
      return widenNumbers(left, right);
    case 'time':
      return printType(left) === printType(right) ? left : plainType('TIMESTAMP');
    default:
      return left;
  }
}

/** Decimals get Spark's widest precision: only the sort of the result counts here, its digits are Spark's affair. */
function widenNumbers(left: SparkType, right: SparkType): SparkType {
  if (isDouble(left) || isDouble(right)) {
    return plainType('DOUBLE');
  }
  if (left.kind === 'decimal' || right.kind === 'decimal') {
    const scales = [left, right].map((type) => (type.kind === 'decimal' ? type.scale : 0));
    return { kind: 'decimal', precision: 38, scale: Math.max(...scales) };
  }
  return plainType(widths[Math.max(widthOf(left), widthOf(right))] ?? 'BIGINT');
}

function widthOf(type: SparkType): number {
  return type.kind === 'plain' ? widths.indexOf(type.name as (typeof widths)[number]) : -1;
}

/** A type in words, for messages. */
export function describeType(type: ExpressionType): string {
  if (type.kind === 'null') {
    return 'null';
  }
  const text = printType(type);
  return text.length <= 40 ? text : `${text.slice(0, 40)}...`;
}
