import type {
  DataEntry,
  HeaderEntry,
  JournalEntry,
  LostEntry,
  MergeEntry,
  PartEntry,
  RotatedEntry,
} from './journal-lines.ts';
import { type JournalContent, journalCorrupt } from './merge-journal.ts';

/** What has been merged, in numbers; with rotation, of all files together. */
export interface MergeTotals {
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
}

const nothing: MergeTotals = Object.freeze({ parts: 0, rows: 0, bytes: 0 });

/** How many of the newest entries are kept to recognise the end of the merged file. */
const recentEntries = 16;

/** What a journal adds up to. */
export class MergeState {
  readonly begun: MergeEntry;
  /** Sizes of the parts that are done with, as committed, by relative path: merged, or given up as lost. */
  readonly sizes = new Map<string, number>();
  header: HeaderEntry | undefined;
  /** True when nothing can stand behind the committed length but what others wrote. */
  closed = false;
  /** The newest entries with bytes of the growing file, oldest first. */
  recent: DataEntry[] = [];
  /** Finished files, oldest first. */
  readonly finished: RotatedEntry[] = [];
  readonly lost: LostEntry[] = [];
  /** The last step of a rotation that may not be over: the file may still have its old name. */
  rotating: RotatedEntry | undefined;
  /** When the growing file was begun, in ISO 8601. */
  since: string | undefined;
  #file = nothing;
  #finished = nothing;

  constructor(begun: MergeEntry) {
    this.begun = begun;
    this.since = begun.begun;
  }

  get totals(): MergeTotals {
    return sum(this.#finished, this.#file);
  }

  /** What the growing file holds; `bytes` is its committed length. */
  get file(): MergeTotals {
    return this.#file;
  }

  /** Committed length of the growing file. */
  get length(): number {
    return this.#file.bytes;
  }

  /** Takes the next entry in; false when it does not fit to those before it. */
  add(entry: JournalEntry): boolean {
    if (entry.kind === 'lost') return this.#addLost(entry);
    this.closed = entry.kind === 'closed' || entry.kind === 'swap';
    this.rotating = entry.kind === 'rotated' ? entry : undefined;
    if (entry.kind === 'rotated') return this.#rotate(entry);
    if (entry.kind === 'part') return this.#addPart(entry);
    if (entry.kind === 'open') this.since ??= entry.at;
    if (entry.kind !== 'header') return entry.kind !== 'merge';
    this.header = entry;
    return this.#addBytes(entry);
  }

  #addPart(entry: PartEntry): boolean {
    if (this.sizes.has(entry.part)) return false;
    this.sizes.set(entry.part, entry.size);
    this.#file = sum(this.#file, { parts: 1, rows: entry.rows, bytes: 0 });
    return this.#addBytes(entry);
  }

  #addBytes(entry: DataEntry): boolean {
    const fits = entry.end === this.length + entry.bytes;
    this.#file = { ...this.#file, bytes: entry.end };
    if (entry.bytes > 0) this.recent.push(entry);
    if (this.recent.length > recentEntries) this.recent.shift();
    return fits;
  }

  #rotate(entry: RotatedEntry): boolean {
    const { parts, rows, bytes } = this.#file;
    const fits = entry.parts === parts && entry.rows === rows && entry.bytes === bytes;
    this.finished.push(entry);
    this.#finished = sum(this.#finished, this.#file);
    this.#file = nothing;
    this.recent = [];
    this.since = undefined;
    return fits;
  }

  #addLost(entry: LostEntry): boolean {
    if (this.sizes.has(entry.part)) return false;
    this.sizes.set(entry.part, entry.size);
    this.lost.push(entry);
    return true;
  }
}

function sum(one: MergeTotals, other: MergeTotals): MergeTotals {
  return {
    parts: one.parts + other.parts,
    rows: one.rows + other.rows,
    bytes: one.bytes + other.bytes,
  };
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
