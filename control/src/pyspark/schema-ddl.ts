import {
  expect,
  peek,
  type SchemaCursor,
  type SchemaProblem,
  SchemaStop,
  stop,
  take,
} from './schema-cursor.ts';
import { readSchemaTokens } from './schema-tokens.ts';
import {
  type Column,
  isColumnName,
  type PlainTypeName,
  plainType,
  type SparkType,
} from './spark-type.ts';

export type SchemaReading =
  | { readonly columns: readonly Column[] }
  | { readonly problem: SchemaProblem };

/** How deep types may be nested; Spark itself parses recursively. */
const deepest = 32;

/** Spark's names and their synonyms (spark.apache.org/docs/latest/sql-ref-datatypes.html, tab SQL). */
const plainNames: Readonly<Record<string, PlainTypeName>> = {
  STRING: 'STRING',
  BINARY: 'BINARY',
  BOOLEAN: 'BOOLEAN',
  BYTE: 'TINYINT',
  TINYINT: 'TINYINT',
  SHORT: 'SMALLINT',
  SMALLINT: 'SMALLINT',
  INT: 'INT',
  INTEGER: 'INT',
  LONG: 'BIGINT',
  BIGINT: 'BIGINT',
  FLOAT: 'FLOAT',
  REAL: 'FLOAT',
  DOUBLE: 'DOUBLE',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
};

const typeNames =
  'STRING, BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p, s), DATE, TIMESTAMP, BINARY, ' +
  'ARRAY<...>, MAP<..., ...> or STRUCT<name: ..., ...>';

/** Reads Spark DDL (`id STRING, tags ARRAY<STRING>`) into columns. Never throws. */
export function readSchema(text: string): SchemaReading {
  const cursor: SchemaCursor = { tokens: readSchemaTokens(text), index: 0 };
  try {
    const columns = readFields(cursor, 1);
    if (peek(cursor).kind !== 'end') {
      stop(cursor, 'a comma and the next field, or the end');
    }
    return { columns };
  } catch (stopped) {
    if (stopped instanceof SchemaStop) {
      return { problem: stopped.problem };
    }
    throw stopped;
  }
}

function readFields(cursor: SchemaCursor, depth: number): readonly Column[] {
  const fields: Column[] = [];
  const taken = new Set<string>();
  do {
    const at = peek(cursor);
    const field = readField(cursor, depth);
    const key = field.name.toLowerCase();
    if (taken.has(key)) {
      throw new SchemaStop({
        offset: at.offset,
        rule: 'SCHEMA_DUPLICATE',
        found: field.name,
        wanted: '',
      });
    }
    taken.add(key);
    fields.push(field);
  } while (take(cursor, ','));
  return fields;
}

function readField(cursor: SchemaCursor, depth: number): Column {
  const name = readFieldName(cursor);
  take(cursor, ':');
  return { name, type: readType(cursor, depth) };
}

function readFieldName(cursor: SchemaCursor): string {
  const token = peek(cursor);
  if (token.kind !== 'word' && token.kind !== 'quoted') {
    stop(cursor, 'a field name (letters, digits and underscores, or anything in backticks)');
  }
  if (!isColumnName(token.text)) {
    throw new SchemaStop({
      offset: token.offset,
      rule: 'COLUMN_NAME',
      found: token.text,
      wanted: '',
    });
  }
  cursor.index += 1;
  return token.text;
}

function readType(cursor: SchemaCursor, depth: number): SparkType {
  if (depth > deepest) {
    stop(cursor, `nested at most ${deepest} levels deep`);
  }
  const token = peek(cursor);
  const name = token.kind === 'word' ? token.text.toUpperCase() : '';
  const plain = Object.hasOwn(plainNames, name) ? plainNames[name] : undefined;
  if (plain !== undefined) {
    cursor.index += 1;
    return plainType(plain);
  }
  const reader = Object.hasOwn(nestedReaders, name) ? nestedReaders[name] : undefined;
  if (reader === undefined) {
    stop(cursor, `a type: ${typeNames}`);
  }
  cursor.index += 1;
  return reader(cursor, depth);
}

const nestedReaders: Readonly<Record<string, (cursor: SchemaCursor, depth: number) => SparkType>> =
  {
    ARRAY: (cursor, depth) => inAngles(cursor, () => readArray(cursor, depth)),
    MAP: (cursor, depth) => inAngles(cursor, () => readMap(cursor, depth)),
    STRUCT: (cursor, depth) => inAngles(cursor, () => readStruct(cursor, depth)),
    DECIMAL: readDecimal,
    DEC: readDecimal,
    NUMERIC: readDecimal,
  };

function readArray(cursor: SchemaCursor, depth: number): SparkType {
  return { kind: 'array', element: readType(cursor, depth + 1) };
}

function readMap(cursor: SchemaCursor, depth: number): SparkType {
  const key = readType(cursor, depth + 1);
  expect(cursor, ',');
  return { kind: 'map', key, value: readType(cursor, depth + 1) };
}

function readStruct(cursor: SchemaCursor, depth: number): SparkType {
  return { kind: 'struct', fields: readFields(cursor, depth + 1) };
}

/** Spark's own defaults and limits: DECIMAL is DECIMAL(10, 0), precision goes to 38. */
function readDecimal(cursor: SchemaCursor): SparkType {
  if (!take(cursor, '(')) {
    return { kind: 'decimal', precision: 10, scale: 0 };
  }
  const precision = readNumber(cursor, 1, 38);
  const scale = take(cursor, ',') ? readNumber(cursor, 0, precision) : 0;
  expect(cursor, ')');
  return { kind: 'decimal', precision, scale };
}

function readNumber(cursor: SchemaCursor, least: number, most: number): number {
  const token = peek(cursor);
  const value = Number(token.text);
  if (token.kind !== 'number' || value < least || value > most) {
    stop(cursor, `a whole number from ${least} to ${most}`);
  }
  cursor.index += 1;
  return value;
}

function inAngles(cursor: SchemaCursor, read: () => SparkType): SparkType {
  expect(cursor, '<');
  const type = read();
  expect(cursor, '>');
  return type;
}
