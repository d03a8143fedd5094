import type {
  DataEntry,
  HeaderEntry,
  JournalEntry,
  MergeEntry,
  PartEntry,
} from './journal-lines.ts';
import { type JournalContent, journalCorrupt } from './merge-journal.ts';

/** What has been merged, in numbers. `bytes` is the committed length of the merged file. */
export interface MergeTotals {
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
}

/** How many of the newest entries are kept to recognise the end of the merged file. */
const recentEntries = 16;

/** What a journal adds up to. */
export class MergeState {
  readonly begun: MergeEntry;
  /** Sizes of the merged parts as committed, by relative path. */
  readonly sizes = new Map<string, number>();
  header: HeaderEntry | undefined;
  /** True when nothing can stand behind the committed length but what others wrote. */
  closed = false;
  /** The newest entries with bytes, oldest first. */
  readonly recent: DataEntry[] = [];
  #rows = 0;
  #bytes = 0;

  constructor(begun: MergeEntry) {
    this.begun = begun;
  }

  get totals(): MergeTotals {
    return { parts: this.sizes.size, rows: this.#rows, bytes: this.#bytes };
  }

  /** Takes the next entry in; false when it does not fit to those before it. */
  add(entry: JournalEntry): boolean {
    this.closed = entry.kind === 'closed' || entry.kind === 'swap';
    if (entry.kind === 'part') return this.#addPart(entry);
    if (entry.kind === 'header') this.header = entry;
    return entry.kind === 'header' ? this.#addBytes(entry) : entry.kind !== 'merge';
  }

  #addPart(entry: PartEntry): boolean {
    if (this.sizes.has(entry.part)) return false;
    this.sizes.set(entry.part, entry.size);
    this.#rows += entry.rows;
    return this.#addBytes(entry);
  }

  #addBytes(entry: DataEntry): boolean {
    const fits = entry.end === this.#bytes + entry.bytes;
    this.#bytes = entry.end;
    if (entry.bytes > 0) this.recent.push(entry);
    if (this.recent.length > recentEntries) this.recent.shift();
    return fits;
  }
}

/** Adds a journal up; undefined when it has no entries. Throws MERGE_JOURNAL_CORRUPT when they contradict. */
export function addUpJournal(path: string, content: JournalContent): MergeState | undefined {
  const [begun, ...rest] = content.entries;
  if (begun === undefined) return undefined;
  if (begun.kind !== 'merge') throw journalCorrupt(path, 1);
  const state = new MergeState(begun);
  for (const [index, entry] of rest.entries()) {
    if (!state.add(entry)) throw journalCorrupt(path, index + 2);
  }
  return state;
}
