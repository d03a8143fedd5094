/** How the records of parts and merged file are told apart. */
export interface RecordDialect {
  /** `csv` knows quotes; `lines` takes every line as a record (JSON lines). */
  readonly format: 'csv' | 'lines';
  /** One ASCII character between the fields of a CSV record. */
  readonly delimiter: string;
  /** A quote inside quotes is doubled (RFC 4180) or has a backslash before it (the default of Spark's CSV writer). */
  readonly escape: 'double' | 'backslash';
}

export const rfc4180: RecordDialect = { format: 'csv', delimiter: ',', escape: 'double' };
export const jsonLines: RecordDialect = { format: 'lines', delimiter: ',', escape: 'double' };

/** Longest record taken, in bytes: an unclosed quote would otherwise swallow the rest of a part. */
export const recordLimit = 64 * 1024 * 1024;

/** The header record for these columns, with its newline; names are quoted where RFC 4180 asks for it. */
export function encodeHeader(columns: readonly string[], delimiter: string): Buffer {
  const dialect = { delimiter, escape: rfc4180.escape };
  const fields = columns.map((column) => encodeField(column, dialect));
  return Buffer.from(`${fields.join(delimiter)}\n`);
}

/** A value as it stands in a record: a null is empty, an empty text is `""`. */
export function encodeField(
  value: string | null,
  { delimiter, escape: way }: Pick<RecordDialect, 'delimiter' | 'escape'>,
): string {
  if (value === null) return '';
  const plain = value !== '' && !value.includes(delimiter) && !/["\r\n\\]|^\s|\s$/.test(value);
  if (plain) return value;
  if (way === 'double') return `"${value.replaceAll('"', '""')}"`;
  return `"${value.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}
