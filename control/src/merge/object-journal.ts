import { SluiceError } from '../errors/sluice-error.ts';
import { joinPlace } from '../storage/place.ts';
import { journalOf } from './merge-journal.ts';
import type { ObjectStore } from './object-store.ts';

/** Objects read at once. */
const atOnce = 16;

/** Who wrote a pass. */
export interface PassWriter {
  readonly pid: number;
  readonly host: string;
}

/**
 * One pass of a merge into an object: the journal lines that vouch for it. It is written under a name of its own before
 * the merged object takes its place, and counts if, and only if, the object says that it did: see ObjectMerge.
 */
export interface MergePassRecord {
  readonly pass: number;
  /** The pass it follows; null when it holds all lines since the begin. */
  readonly after: string | null;
  readonly by: PassWriter;
  readonly lines: string;
}

/** `00000012-<uuid>`: sorts by number. */
export function passName(pass: number, token: string): string {
  return `${String(pass).padStart(8, '0')}-${token}`;
}

export function numberOf(name: string): number {
  return Number(/^(\d{8,})-/.exec(name)?.[1] ?? Number.NaN);
}

/** The objects `<merged object>.journal/<pass>`. */
export class ObjectJournal {
  readonly #store: ObjectStore;
  readonly #folder: string;

  constructor(store: ObjectStore, path: string) {
    this.#store = store;
    this.#folder = journalOf(path);
  }

  async names(): Promise<readonly string[]> {
    const names = await this.#store.list(this.#folder);
    return names.filter((name) => !Number.isNaN(numberOf(name))).sort();
  }

  write(name: string, record: MergePassRecord): Promise<void> {
    return this.#store.replace(this.#pathOf(name), Buffer.from(JSON.stringify(record)));
  }

  /** All lines up to a pass, and the number of passes they come from. Throws MERGE_JOURNAL_CORRUPT. */
  async linesUpTo(last: string): Promise<{ readonly lines: Buffer; readonly passes: number }> {
    const names = (await this.names()).filter((name) => numberOf(name) <= numberOf(last));
    const records = await this.#readAll(names.includes(last) ? names : [...names, last]);
    const lines: Buffer[] = [];
    for (let name: string | null = last; name !== null; ) {
      const record = records.get(name);
      if (record === undefined || lines.length > records.size) throw this.#corrupt(name);
      lines.unshift(Buffer.from(record.lines));
      name = record.after;
    }
    return { lines: Buffer.concat(lines), passes: lines.length };
  }

  /** Who wrote a pass, if that is known. */
  async writerOf(name: string): Promise<PassWriter | undefined> {
    return (await this.#read(name).catch(() => undefined))?.by;
  }

  /** Removes what a pass that holds all lines makes needless, and passes that did not take place. */
  async removeBefore(last: string): Promise<void> {
    for (const name of await this.names()) {
      if (numberOf(name) <= numberOf(last) && name !== last) {
        await this.#store.remove(this.#pathOf(name));
      }
    }
  }

  async #readAll(names: readonly string[]): Promise<ReadonlyMap<string, MergePassRecord>> {
    const records = new Map<string, MergePassRecord>();
    for (let from = 0; from < names.length; from += atOnce) {
      const group = names.slice(from, from + atOnce);
      const read = await Promise.all(group.map((name) => this.#read(name)));
      for (const [index, record] of read.entries()) {
        if (record !== undefined) records.set(group[index] as string, record);
      }
    }
    return records;
  }

  async #read(name: string): Promise<MergePassRecord | undefined> {
    const path = this.#pathOf(name);
    const head = await this.#store.head(path);
    if (head === undefined) return undefined;
    const range = { path, version: head.version, from: 0, to: head.size };
    try {
      return JSON.parse((await this.#store.read(range)).toString()) as MergePassRecord;
    } catch (error) {
      if (error instanceof SyntaxError) throw this.#corrupt(name);
      throw error;
    }
  }

  #pathOf(name: string): string {
    return joinPlace(this.#folder, name);
  }

  #corrupt(name: string): SluiceError {
    return new SluiceError('MERGE_JOURNAL_CORRUPT', { file: this.#pathOf(name), line: 1 });
  }
}
