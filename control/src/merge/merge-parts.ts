import type { CommittedPart } from './committed-parts.ts';
import { appendHeader, copyPart } from './copy-part.ts';
import type { FilePort } from './file-port.ts';
import type { HeaderEntry, JournalEntry } from './journal-lines.ts';
import { checkEnd, type OpenMerge } from './open-merge.ts';
import { readParts } from './part-source.ts';
import { encodeHeader } from './record-dialect.ts';

/** Sizes that decide speed and memory, never the outcome. */
export interface MergeTuning {
  /** Bytes read and written at once. */
  readonly chunkBytes: number;
  /** A commit (two syncs) comes after this many bytes, or parts, or at the end. */
  readonly commitBytes: number;
  readonly commitParts: number;
}

/** What a merge needs besides its options: the disk, and sizes. */
export interface MergeMeans {
  readonly port: FilePort;
  readonly tuning?: MergeTuning;
}

export const usualTuning: MergeTuning = {
  chunkBytes: 1 << 20,
  commitBytes: 256 << 20,
  commitParts: 5000,
};

export interface MergePass {
  readonly port: FilePort;
  readonly merge: OpenMerge;
  /** Committed parts that are not merged yet, in order. */
  readonly parts: readonly CommittedPart[];
  readonly tuning: MergeTuning;
  readonly signal?: AbortSignal | undefined;
  /** Called after each commit. */
  readonly onCommit?: (() => void) | undefined;
}

/**
 * Appends parts to the merged file. When one is not sound, the parts before it are committed, nothing of it stays,
 * and its error is thrown. When the disk fails, everything since the last commit is taken back.
 */
export async function mergeParts(pass: MergePass): Promise<void> {
  const { merge, parts, port, tuning } = pass;
  const columns = merge.state.header === undefined ? merge.state.begun.columns : null;
  if (parts.length === 0 && columns === null) return;
  await checkEnd(merge);
  await markOpen(merge);
  const batch = new CommitBatch(pass);
  try {
    if (columns !== null) await batch.addHeader(columns);
    for await (const ready of readParts(port, parts, tuning.chunkBytes)) {
      await batch.addPart(ready);
    }
    await batch.commit();
  } catch (error) {
    await batch.giveUp();
    throw error;
  }
}

/** From the next byte on, bytes behind the committed length may be ours. */
async function markOpen({ journal, state }: OpenMerge): Promise<void> {
  if (!state.closed) return;
  const mark = { kind: 'open', at: new Date().toISOString() } as const;
  await journal.append([mark]);
  state.add(mark);
}

/** Parts that are appended and not yet vouched for. */
class CommitBatch {
  readonly #pass: MergePass;
  #entries: JournalEntry[] = [];
  #header: HeaderEntry | undefined;
  /** Where the last whole part ends. */
  #soundEnd: number;

  constructor(pass: MergePass) {
    this.#pass = pass;
    this.#header = pass.merge.state.header;
    this.#soundEnd = pass.merge.file.length;
  }

  async addHeader(columns: readonly string[]): Promise<void> {
    const { file, state } = this.#pass.merge;
    await this.#take([await appendHeader(file, encodeHeader(columns, state.begun.delimiter))]);
  }

  async addPart(ready: Parameters<typeof copyPart>[0]): Promise<void> {
    const { merge, signal } = this.#pass;
    signal?.throwIfAborted();
    const copy = { settings: merge.state.begun, header: this.#header, signal };
    await this.#take(await copyPart(ready, merge.file, copy));
  }

  async #take(entries: readonly JournalEntry[]): Promise<void> {
    const { merge, tuning } = this.#pass;
    for (const entry of entries) if (entry.kind === 'header') this.#header = entry;
    this.#entries.push(...entries);
    this.#soundEnd = merge.file.length;
    const bytes = this.#soundEnd - merge.state.totals.bytes;
    const full = this.#entries.length >= tuning.commitParts || bytes >= tuning.commitBytes;
    if (full) await this.commit();
  }

  /** Bytes first, then the entries that vouch for them: see openMerge. */
  async commit(): Promise<void> {
    if (this.#entries.length === 0) return;
    const { file, journal, state } = this.#pass.merge;
    await file.sync();
    await journal.append(this.#entries);
    for (const entry of this.#entries) state.add(entry);
    this.#entries = [];
    this.#pass.onCommit?.();
  }

  async giveUp(): Promise<void> {
    const { file, journal, state } = this.#pass.merge;
    try {
      if (!file.failed && !journal.failed) {
        await file.cutBack(this.#soundEnd);
        return await this.commit();
      }
    } catch {
      // The first error is the one to tell; here remains to take back what can be.
    }
    if (!journal.unclear) await file.cutBack(state.totals.bytes).catch(() => undefined);
  }
}
