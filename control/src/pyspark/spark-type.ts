/** Spark's types as far as specs use them. Names are Spark's own, in capitals. */
export type SparkType =
  | { readonly kind: 'plain'; readonly name: PlainTypeName }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: SparkType }
  | { readonly kind: 'map'; readonly key: SparkType; readonly value: SparkType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] };

export interface Column {
  readonly name: string;
  readonly type: SparkType;
}

export type PlainTypeName =
  | 'STRING'
  | 'BINARY'
  | 'BOOLEAN'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INT'
  | 'BIGINT'
  | 'FLOAT'
  | 'DOUBLE'
  | 'DATE'
  | 'TIMESTAMP';

export function plainType(name: PlainTypeName): SparkType {
  return { kind: 'plain', name };
}

/** Spark DDL of columns, for `from_json` and the like: `a STRING, b STRUCT<c: INT>`. */
export function printColumns(columns: readonly Column[]): string {
  return columns.map((column) => `${quoteName(column.name)} ${printType(column.type)}`).join(', ');
}

/** Spark DDL of one type. */
export function printType(type: SparkType): string {
  switch (type.kind) {
    case 'plain':
      return type.name;
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'array':
      return `ARRAY<${printType(type.element)}>`;
    case 'map':
      return `MAP<${printType(type.key)}, ${printType(type.value)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map(printField).join(', ')}>`;
  }
}

function printField(field: Column): string {
  return `${quoteName(field.name)}: ${printType(field.type)}`;
}

/** A column name as Spark SQL reads it: in backticks unless it is a plain word. */
export function quoteName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``;
}

/**
 * Whether a name can be a column's: 1 to 255 characters, no control characters, halves of surrogate pairs or
 * backticks (Spark would take them doubled, but a name that needs it is a slip).
 */
export function isColumnName(name: string): boolean {
  return name.length > 0 && name.length <= 255 && !/[`\p{Cc}\p{Cs}]/u.test(name);
}
