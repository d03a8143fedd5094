import { SluiceError } from '../errors/sluice-error.ts';
import { type FilePort, isSystemError, type OpenFile } from './file-port.ts';
import { decodeLine, encodeLine, type JournalEntry, type JournalLine } from './journal-lines.ts';
import { readLines } from './line-reader.ts';

/** Where the journal of a merged file stands. */
export function journalOf(file: string): string {
  return `${file}.journal`;
}

/** What a journal says, without its torn end. No entries: a crash came before its first one was safe. */
export interface JournalContent {
  readonly entries: readonly JournalEntry[];
  /** Bytes of the journal that are good. */
  readonly length: number;
  /** True when a crash left more than those. */
  readonly torn: boolean;
}

/**
 * Reads a journal; undefined when there is none. Each write is synced before the next one, so a crash can only have
 * spoilt lines of the last write, its sectors in any order; these are dropped. A spoilt or missing line before a
 * later write is damage: MERGE_JOURNAL_CORRUPT.
 */
export async function readJournal(
  port: FilePort,
  path: string,
): Promise<JournalContent | undefined> {
  const entries: JournalEntry[] = [];
  const end = new JournalEnd(path);
  try {
    for await (const lines of readLines(port, path)) {
      for (const line of lines) {
        const read = line.closed ? decodeLine(line.bytes) : undefined;
        if (end.take(read, line.end) && read !== undefined) entries.push(read.entry);
      }
    }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
  return { entries, length: end.length, torn: end.torn };
}

class JournalEnd {
  /** Bytes up to the first spoilt line. */
  length = 0;
  torn = false;
  readonly #path: string;
  #line = 0;
  #lastWrite: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** True when the line counts: it is good and no spoilt one stands before it. */
  take(read: JournalLine | undefined, end: number): boolean {
    if (read === undefined) {
      this.torn = true;
      return false;
    }
    if (this.torn) return this.#passOver(read);
    if (read.line !== this.#line + 1) throw journalCorrupt(this.#path, this.#line + 1);
    this.#line = read.line;
    this.length = end;
    return true;
  }

  /** A good line behind a spoilt one must be of the same, last write. */
  #passOver(read: JournalLine): false {
    this.#lastWrite ??= read.write;
    const earlierLost = read.write > this.#line + 1;
    if (earlierLost || read.write !== this.#lastWrite) {
      throw journalCorrupt(this.#path, this.#line + 1);
    }
    return false;
  }
}

export function journalCorrupt(file: string, line: number): SluiceError {
  return new SluiceError('MERGE_JOURNAL_CORRUPT', { file, line });
}

/** Appends to a journal whose torn end, if any, has been cut off. */
export class MergeJournal {
  /** True once an entry could not be written; then nothing more must be. */
  failed = false;
  /** True when, after a failure, it is not known what the journal holds on disk. */
  unclear = false;
  readonly #file: OpenFile;
  #length: number;
  #lines: number;

  constructor(file: OpenFile, content: Pick<JournalContent, 'length' | 'entries'>) {
    this.#file = file;
    this.#length = content.length;
    this.#lines = content.entries.length;
  }

  /** Returns when the entries would survive a power cut. One write and one sync for all of them. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    const before = this.#length;
    try {
      await this.appendUnsynced(entries);
      await this.#file.sync();
    } catch (error) {
      this.failed = true;
      await this.#takeBack(before);
      throw error;
    }
  }

  /** For a last entry that may be lost. */
  async appendUnsynced(entries: readonly JournalEntry[]): Promise<void> {
    const write = this.#lines + 1;
    const lines = entries.map((entry, index) => encodeLine({ line: write + index, write, entry }));
    const bytes = Buffer.from(lines.join(''));
    await this.#file.write(bytes, this.#length);
    this.#length += bytes.length;
    this.#lines += entries.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** The merged file may only be cut back once the entries that vouch for its end are surely gone. */
  async #takeBack(length: number): Promise<void> {
    try {
      await this.#file.truncate(length);
      await this.#file.sync();
    } catch {
      this.unclear = true;
    }
  }
}
