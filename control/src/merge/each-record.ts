import { SluiceError } from '../errors/sluice-error.ts';
import { HeaderTaker, withoutEnding } from './header-taker.ts';
import { type RecordDialect, recordLimit } from './record-dialect.ts';
import { RecordScanner } from './record-scanner.ts';

/** Takes one record without its line ending. The buffer is used again after the call. */
export type TakeRecord = (record: Buffer) => void;

export interface RecordSource {
  /** For messages. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
  readonly hasHeader: boolean;
}

/** Calls back for each record of a source, and returns its header without line ending, if it should have one. */
export async function eachRecord(
  source: RecordSource,
  dialect: RecordDialect,
  take: TakeRecord,
): Promise<Buffer | undefined> {
  const taker = source.hasHeader ? new HeaderTaker(source.name, dialect) : undefined;
  const cutter = new RecordCutter(source.name, dialect, take);
  for await (const chunk of source.chunks)
    cutter.cut(taker === undefined ? chunk : taker.take(chunk));
  taker?.finish();
  cutter.finish();
  return taker?.header && withoutEnding(taker.header);
}

class RecordCutter {
  readonly #name: string;
  readonly #take: TakeRecord;
  readonly #scanner: RecordScanner;
  #begun: Buffer[] = [];

  constructor(name: string, dialect: RecordDialect, take: TakeRecord) {
    this.#name = name;
    this.#take = take;
    this.#scanner = new RecordScanner(dialect);
  }

  cut(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const to = this.#scanner.nextEnd(chunk, from);
      if (to < 0) break;
      this.#give(chunk.subarray(from, to));
      from = to;
    }
    if (from < chunk.length) this.#begun.push(Buffer.from(chunk.subarray(from)));
    if (this.#scanner.tooLong) {
      throw new SluiceError('MERGE_RECORD_TOO_LONG', { part: this.#name, limit: recordLimit });
    }
  }

  finish(): void {
    if (this.#begun.length > 0) this.#give(Buffer.alloc(0));
  }

  #give(end: Buffer): void {
    const record = this.#begun.length === 0 ? end : Buffer.concat([...this.#begun, end]);
    this.#begun = [];
    this.#take(withoutEnding(record));
  }
}
