import { SluiceError } from '../errors/sluice-error.ts';
import type { RecordDialect } from './record-dialect.ts';
import { RecordScanner } from './record-scanner.ts';

/** Longest header taken, in bytes: it is held in memory until it is whole, other records are not. */
const headerLimit = 4 * 1024 * 1024;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Takes the first record off a part, at any chunk border. A byte order mark before a header goes with it; where
 * parts have no header it stays, because Spark writes none: there it belongs to the first value.
 */
export class HeaderTaker {
  /** The header with its line ending, once it is complete. */
  header: Buffer | undefined;
  readonly part: string;
  readonly #dialect: RecordDialect;
  #seen: Buffer = Buffer.alloc(0);

  constructor(part: string, dialect: RecordDialect) {
    this.part = part;
    this.#dialect = dialect;
  }

  /** What of a chunk stands behind the header. */
  take(chunk: Buffer): Buffer {
    if (this.header !== undefined) return chunk;
    this.#seen = Buffer.concat([this.#seen, chunk]);
    const end = this.#endOfFirst();
    if (end < 0) {
      this.#refuseTooLong();
      return chunk.subarray(chunk.length);
    }
    const behind = this.#seen.length - end;
    this.header = withoutMark(this.#seen.subarray(0, end));
    this.#seen = Buffer.alloc(0);
    return chunk.subarray(chunk.length - behind);
  }

  /** Ends a part that may consist of a header without a line ending. */
  finish(): void {
    const header = withoutMark(this.#seen);
    if (this.header === undefined && header.length > 0) {
      this.header = Buffer.concat([header, Buffer.from('\n')]);
    }
  }

  #endOfFirst(): number {
    const body = withoutMark(this.#seen);
    const end = new RecordScanner(this.#dialect).nextEnd(body, 0);
    return end < 0 ? -1 : end + this.#seen.length - body.length;
  }

  #refuseTooLong(): void {
    if (this.#seen.length > headerLimit) {
      throw new SluiceError('MERGE_RECORD_TOO_LONG', { part: this.part, limit: headerLimit });
    }
  }
}

function withoutMark(bytes: Buffer): Buffer {
  const marked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  return marked ? bytes.subarray(byteOrderMark.length) : bytes;
}

/** A record without its line ending: LF or CR LF. */
export function withoutEnding(record: Buffer): Buffer {
  if (record.at(-1) !== 0x0a) return record;
  return record.subarray(0, record.at(-2) === 0x0d ? -2 : -1);
}
