import { wordsOf } from './byte-words.ts';
import { countByte } from './count-byte.ts';
import { QuoteState } from './quote-state.ts';
import { type RecordDialect, recordLimit } from './record-dialect.ts';
import { ended, escaped, fieldStart, plain, quoted, recordStates } from './record-states.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
/** In each byte of a word: the value above the quote, and the highest bit (Hacker's Delight, section 6-1). */
const aboveQuote = 0x23232323;
const highBits = 0x80808080;
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
  readonly #doubled: boolean;
  /** Where the next quote of the chunk stands, infinite when there is none. */
  #nextQuote = 0;
  #state = fieldStart;
  /** Where the unfinished record begins, from the start of the chunk; negative when an earlier one holds it. */
  #start = 0;
  /** Bytes of the unfinished record that earlier chunks hold. */
  #carried = 0;
  #lastByte = never;
  #crlf = false;

  constructor(dialect: RecordDialect, limit = recordLimit) {
    const csv = dialect.format === 'csv';
    this.#doubled = csv && dialect.escape === 'double';
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
    this.#nextQuote = this.#findQuote(chunk, 0);
    if (this.#state <= plain && this.#nextQuote === Number.POSITIVE_INFINITY) {
      this.#countPlain(chunk);
    } else if (this.#doubled) {
      this.#countQuoted(chunk);
    } else {
      let end = this.#advance(chunk, 0);
      for (; end >= 0; end = this.#advance(chunk, end)) this.#endRecord(chunk, end);
    }
    this.#leave(chunk);
  }

  /**
   * The offset behind the record that ends first at or after `from`, or -1 when none ends in this chunk. Call it
   * with each end until it gives -1, then with the next chunk from 0.
   */
  nextEnd(chunk: Uint8Array, from: number): number {
    if (from === 0) this.#start = -this.#carried;
    const end = this.#plainEnd(chunk, from) ?? this.#advance(chunk, from);
    if (end < 0) this.#leave(chunk);
    else this.#endRecord(chunk, end);
    return end;
  }

  /** The end of a record that has no quotes from here on: most records. */
  #plainEnd(chunk: Uint8Array, from: number): number | undefined {
    if (from === 0 || from > this.#nextQuote) this.#nextQuote = this.#findQuote(chunk, from);
    if (this.#state > plain) return undefined;
    const end = chunk.indexOf(newline, from);
    if (end < 0 || end > this.#nextQuote) return undefined;
    this.#state = fieldStart;
    return end + 1;
  }

  #findQuote(chunk: Uint8Array, from: number): number {
    const found = this.#quote === never ? -1 : chunk.indexOf(this.#quote, from);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }

  /** A chunk without quotes, outside quotes: most chunks of most files. */
  #countPlain(chunk: Uint8Array): void {
    const last = chunk.at(-1);
    if (last === undefined) return;
    this.#state = last === newline || last === this.#delimiter ? fieldStart : plain;
    const first = chunk.indexOf(newline);
    if (first < 0) return;
    this.#measure(first + 1 - this.#start);
    this.records += countByte(chunk, newline);
    const end = chunk.lastIndexOf(newline) + 1;
    if (chunk.length > this.#limit) this.#measureEach(chunk, first + 1, end);
    this.#noteEnding(chunk, end);
    this.#start = end;
  }

  /** A chunk with doubled quotes. Only bytes up to the quote in value matter, and words without any are skipped. */
  #countQuoted(chunk: Uint8Array): void {
    const quotes = new QuoteState(this.#state, this.#delimiter);
    const { head, words, tail } = wordsOf(chunk);
    for (let at = 0; at < head; at += 1) this.#takeByte(chunk, at, quotes);
    for (let word = 0; word < words.length; word += 1) {
      const value = words[word] as number;
      if (((value - aboveQuote) & ~value & highBits) === 0) continue;
      const at = head + word * 4;
      for (let next = at; next < at + 4; next += 1) this.#takeByte(chunk, next, quotes);
    }
    for (let at = tail; at < chunk.length; at += 1) this.#takeByte(chunk, at, quotes);
    this.#state = quotes.stateAfter(chunk);
  }

  #takeByte(chunk: Uint8Array, at: number, quotes: QuoteState): void {
    const byte = chunk[at];
    if (byte === quote) quotes.meet(chunk, at);
    else if (byte === newline && !quotes.inside) this.#endRecord(chunk, at + 1);
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
