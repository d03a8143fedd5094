import type { RecordDialect } from './record-dialect.ts';

// States between two bytes of a record. The first two stand outside quotes: there a newline ends the record.
export const fieldStart = 0;
export const plain = 1;
export const quoted = 2;
export const quoteSeen = 3;
export const escaped = 4;
export const ended = 5;

const kinds = 8;

/** The state machine as a table, because a chain of comparisons mispredicts on data that is full of quotes. */
export interface RecordStates {
  /** Kind of each byte: other, newline, delimiter, quote, escape. */
  readonly kindOf: Uint8Array;
  /** Next state at `state * 8 + kind`. */
  readonly next: Uint8Array;
}

/** A quote opens a quoted field only at the start of a field; elsewhere it is an ordinary byte. */
export function recordStates(dialect: RecordDialect): RecordStates {
  const next = new Uint8Array(kinds * ended);
  next.set([plain, ended, fieldStart, quoted, plain], fieldStart * kinds);
  next.set([plain, ended, fieldStart, plain, plain], plain * kinds);
  next.set([quoted, quoted, quoted, quoteSeen, escaped], quoted * kinds);
  next.set([plain, ended, fieldStart, quoted, plain], quoteSeen * kinds);
  next.set([quoted, quoted, quoted, quoted, quoted], escaped * kinds);
  return { kindOf: kindsOf(dialect), next };
}

function kindsOf({ format, delimiter, escape: way }: RecordDialect): Uint8Array {
  const kindOf = new Uint8Array(256);
  kindOf['\n'.charCodeAt(0)] = 1;
  if (format === 'lines') return kindOf;
  kindOf[delimiter.charCodeAt(0)] = 2;
  kindOf['"'.charCodeAt(0)] = 3;
  if (way === 'backslash') kindOf['\\'.charCodeAt(0)] = 4;
  return kindOf;
}
