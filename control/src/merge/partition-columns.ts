import type { CommittedPart } from './committed-parts.ts';
import type { MergeSettings } from './merge-settings.ts';
import { encodeField, type RecordDialect } from './record-dialect.ts';
import { RecordScanner } from './record-scanner.ts';

const carriageReturn = 0x0d;

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

/**
 * The bytes of a part with the values of its partition folders put back behind each record, as further fields: Spark
 * leaves them out of the files. Everything else stays byte for byte. Without such columns the chunks stay the same.
 */
export function addPartitionColumns(
  { partitions }: CommittedPart,
  chunks: Chunks,
  settings: Pick<MergeSettings, 'header' | 'partitionColumns'> & RecordDialect,
): Chunks {
  const columns = settings.partitionColumns ?? [];
  if (columns.length === 0) return chunks;
  const suffixOf = (fields: readonly (string | null)[]) =>
    Buffer.from(fields.map((field) => settings.delimiter + encodeField(field, settings)).join(''));
  const values = suffixOf(columns.map((column) => partitions[column] ?? null));
  const first = settings.header === 'present' ? suffixOf(columns) : values;
  return new SuffixWriter(settings, first, values).write(chunks);
}

class SuffixWriter {
  readonly #scanner: RecordScanner;
  readonly #values: Buffer;
  #suffix: Buffer;
  #out: Buffer[] = [];
  /** A carriage return at the end of a chunk may belong to a line ending. */
  #held = false;

  constructor(dialect: RecordDialect, first: Buffer, values: Buffer) {
    this.#scanner = new RecordScanner(dialect);
    this.#suffix = first;
    this.#values = values;
  }

  async *write(chunks: Chunks): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#cut(chunk);
      yield this.#takeOut();
    }
    const { unfinished } = this.#scanner;
    if (this.#held) this.#out.push(Buffer.of(carriageReturn));
    if (unfinished) this.#out.push(this.#suffix);
    yield this.#takeOut();
  }

  #cut(chunk: Buffer): void {
    let from = 0;
    for (let to = this.#scanner.nextEnd(chunk, 0); to >= 0; to = this.#scanner.nextEnd(chunk, to)) {
      this.#addRecord(chunk, from, to);
      from = to;
    }
    if (from < chunk.length) this.#addRest(chunk.subarray(from));
  }

  #addRecord(chunk: Buffer, from: number, to: number): void {
    const isHeld = this.#held && to === 1;
    if (this.#held && !isHeld) this.#out.push(Buffer.of(carriageReturn));
    this.#held = false;
    const isPair = to - from >= 2 && chunk[to - 2] === carriageReturn;
    const end = isPair ? to - 2 : to - 1;
    const ending = isHeld ? Buffer.from('\r\n') : chunk.subarray(end, to);
    this.#out.push(chunk.subarray(from, end), this.#suffix, ending);
    this.#suffix = this.#values;
  }

  #addRest(rest: Buffer): void {
    if (this.#held) this.#out.push(Buffer.of(carriageReturn));
    this.#held = rest.at(-1) === carriageReturn;
    this.#out.push(this.#held ? rest.subarray(0, -1) : rest);
  }

  /** A copy, so that the chunk's buffer may be used again. */
  #takeOut(): Buffer {
    const bytes = Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }
}
