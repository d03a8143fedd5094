import { countByte } from './count-byte.ts';
import { type RecordDialect, recordLimit } from './record-dialect.ts';
import { ended, escaped, fieldStart, plain, quoted, recordStates } from './record-states.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
/** Shorter stretches than this go through the state machine: skipping them costs more. */
const worthCounting = 64;
/** A number that no byte has. */
const never = -1;

/**
 * Finds the ends of records in a stream of chunks, at any chunk border, without keeping bytes. A quote opens a quoted
 * field only at the start of a field, as readers of CSV agree; elsewhere it is an ordinary byte. Newlines end a
 * record outside quotes; a carriage return before one belongs to the line ending.
 */
export class RecordScanner {
  /** Records ended so far, without an unfinished last one. */
  records = 0;
  /** True once a record was longer than the limit. */
  tooLong = false;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #kindOf: Uint8Array;
  readonly #next: Uint8Array;
  readonly #limit: number;
  #state = fieldStart;
  /** Where the unfinished record begins, from the start of the chunk; negative when an earlier one holds it. */
  #start = 0;
  /** Bytes of the unfinished record that earlier chunks hold. */
  #carried = 0;
  #lastByte = never;
  #crlf = false;

  constructor(dialect: RecordDialect, limit = recordLimit) {
    const csv = dialect.format === 'csv';
    this.#delimiter = csv ? dialect.delimiter.charCodeAt(0) : never;
    this.#quote = csv ? quote : never;
    const states = recordStates(dialect);
    this.#kindOf = states.kindOf;
    this.#next = states.next;
    this.#limit = limit;
  }

  /** True when the bytes so far end inside a record that has begun. */
  get unfinished(): boolean {
    return this.#carried > 0;
  }

  get insideQuotes(): boolean {
    return this.#state === quoted || this.#state === escaped;
  }

  /** The line ending seen last, for a last record that has none. */
  get lineEnding(): Buffer {
    return Buffer.from(this.#crlf ? '\r\n' : '\n');
  }

  /** Counts the records that end in a chunk. */
  count(chunk: Uint8Array): void {
    this.#start = -this.#carried;
    let at = 0;
    while (at < chunk.length) {
      at = this.#skipPlain(chunk, at);
      const end = this.#advance(chunk, at);
      if (end >= 0) this.#endRecord(chunk, end);
      at = end < 0 ? chunk.length : end;
    }
    this.#leave(chunk);
  }

  /**
   * The offset behind the record that ends first at or after `from`, or -1 when none ends in this chunk. Call it
   * with each end until it gives -1, then with the next chunk from 0.
   */
  nextEnd(chunk: Uint8Array, from: number): number {
    if (from === 0) this.#start = -this.#carried;
    const end = this.#advance(chunk, from);
    if (end < 0) this.#leave(chunk);
    else this.#endRecord(chunk, end);
    return end;
  }

  /** Bytes before the next quote, outside quotes: most bytes of most files. Returns where they end. */
  #skipPlain(chunk: Uint8Array, from: number): number {
    if (this.#state > plain) return from;
    const next = this.#quote === never ? -1 : chunk.indexOf(this.#quote, from);
    const to = next < 0 ? chunk.length : next;
    if (to - from < worthCounting) return from;
    const last = chunk[to - 1];
    this.#state = last === newline || last === this.#delimiter ? fieldStart : plain;
    const first = chunk.indexOf(newline, from);
    if (first < 0 || first >= to) return to;
    this.#measure(first + 1 - this.#start);
    this.records += countByte(chunk.subarray(from, to), newline);
    const end = chunk.lastIndexOf(newline, to - 1) + 1;
    if (to - from > this.#limit) this.#measureEach(chunk, first + 1, end);
    this.#noteEnding(chunk, end);
    this.#start = end;
    return to;
  }

  #measureEach(chunk: Uint8Array, from: number, to: number): void {
    let start = from;
    while (start < to) {
      const end = chunk.indexOf(newline, start) + 1;
      this.#measure(end - start);
      start = end;
    }
  }

  /** The state machine proper, byte by byte to the next end of a record. */
  #advance(chunk: Uint8Array, from: number): number {
    const kindOf = this.#kindOf;
    const next = this.#next;
    let state = this.#state;
    for (let at = from; at < chunk.length; at += 1) {
      state = next[(state << 3) | (kindOf[chunk[at] as number] as number)] as number;
      if (state === ended) {
        this.#state = fieldStart;
        return at + 1;
      }
    }
    this.#state = state;
    return -1;
  }

  #endRecord(chunk: Uint8Array, end: number): void {
    this.records += 1;
    this.#measure(end - this.#start);
    this.#noteEnding(chunk, end);
    this.#start = end;
  }

  #leave(chunk: Uint8Array): void {
    this.#carried = chunk.length - this.#start;
    this.#measure(this.#carried);
    this.#lastByte = chunk.at(-1) ?? this.#lastByte;
  }

  #measure(length: number): void {
    if (length > this.#limit) this.tooLong = true;
  }

  #noteEnding(chunk: Uint8Array, end: number): void {
    const before = end >= 2 ? chunk[end - 2] : this.#lastByte;
    this.#crlf = before === carriageReturn;
  }
}
