import { publishLength } from './committed-length.ts';
import type { CommittedPart } from './committed-parts.ts';
import { appendHeader, copyPart } from './copy-part.ts';
import type { FilePort } from './file-port.ts';
import type { HeaderEntry, JournalEntry } from './journal-lines.ts';
import type { LockPlace } from './lock-place.ts';
import type { RotationLimits } from './merge-settings.ts';
import type { MergeState } from './merge-state.ts';
import { checkEnd, type OpenMerge } from './open-merge.ts';
import { readParts } from './part-source.ts';
import { isPartFault, type Quarantine } from './quarantine.ts';
import { encodeHeader } from './record-dialect.ts';
import { isRotationDue, rotateMerge } from './rotate-merge.ts';

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
  /** Where the lock of the merged file is; on the disk beside it, when absent. */
  readonly locks?: LockPlace;
  /** Has a merged object be made anew: what is there counts as nothing, and stays until something takes its place. */
  readonly beginAnew?: (path: string) => void;
  /** The file that people know, where a merge writes under another name first. */
  readonly knownAs?: string;
}

export const usualTuning: MergeTuning = {
  chunkBytes: 1 << 20,
  commitBytes: 256 << 20,
  commitParts: 5000,
};

/** Milliseconds between two words about a part that is being copied. */
const tellEveryMs = 100;

export interface MergePass {
  readonly port: FilePort;
  readonly merge: OpenMerge;
  /** Committed parts that are not merged yet, in order. */
  readonly parts: readonly CommittedPart[];
  readonly tuning: MergeTuning;
  /** Takes the parts that are not sound. */
  readonly quarantine: Quarantine;
  readonly rotate: RotationLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each commit, and now and then while a part is copied. */
  readonly onCommit?: (() => void) | undefined;
  readonly onCopy?: (() => void) | undefined;
}

/**
 * Appends parts to the merged file. One that is not sound goes into quarantine, nothing of it stays, and the others go
 * on. When the disk fails, everything since the last commit is taken back.
 */
export async function mergeParts(pass: MergePass): Promise<void> {
  const { merge, parts, port, tuning } = pass;
  const { state } = merge;
  const rotating = isRotationDue(pass.rotate, { ...state.file, since: state.since });
  if (parts.length === 0 && headerDue(state) === undefined && !rotating) return;
  await checkEnd(merge);
  await markOpen(merge);
  const batch = new CommitBatch(pass);
  try {
    await batch.begin();
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
  if (!state.closed && !state.rotating) return;
  const mark = { kind: 'open', at: new Date().toISOString() } as const;
  await journal.append([mark]);
  state.add(mark);
}

/** The header that the growing file still lacks and that is known; parts with headers bring the very first. */
function headerDue({ length, header, begun }: MergeState): Buffer | undefined {
  if (length > 0) return undefined;
  if (header !== undefined) return Buffer.from(header.header, 'base64');
  return begun.columns === null ? undefined : encodeHeader(begun.columns, begun.delimiter);
}

/** Parts that are appended and not yet vouched for. */
class CommitBatch {
  readonly #pass: MergePass;
  #entries: JournalEntry[] = [];
  #rows = 0;
  #toldAt = performance.now();
  #header: HeaderEntry | undefined;
  /** Where the last whole part ends. */
  #soundEnd: number;

  constructor(pass: MergePass) {
    this.#pass = pass;
    this.#header = pass.merge.state.header;
    this.#soundEnd = pass.merge.file.length;
  }

  /** Rotates when it is time, then writes the header where one is due. */
  async begin(): Promise<void> {
    const { merge, port, rotate } = this.#pass;
    const { state, file } = merge;
    if (isRotationDue(rotate, { ...state.file, since: state.since })) {
      await rotateMerge(port, merge);
      this.#soundEnd = 0;
    }
    const header = headerDue(state);
    if (header !== undefined) await this.#take([await appendHeader(file, header)]);
  }

  async addPart(ready: Parameters<typeof copyPart>[0]): Promise<void> {
    const { merge, signal, quarantine } = this.#pass;
    signal?.throwIfAborted();
    const onChunk = () => this.#tellCopied();
    const copy = { settings: merge.state.begun, header: this.#header, signal, onChunk };
    try {
      await this.#take(await copyPart(ready, merge.file, copy));
    } catch (error) {
      if (!isPartFault(error)) throw error;
      await merge.file.takeBack(this.#soundEnd);
      quarantine.put(ready.part, error);
    }
  }

  #tellCopied(): void {
    const now = performance.now();
    if (now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    this.#pass.onCopy?.();
  }

  async #take(entries: readonly JournalEntry[]): Promise<void> {
    const { merge, tuning, rotate } = this.#pass;
    for (const entry of entries) {
      if (entry.kind === 'header') this.#header = entry;
      if (entry.kind === 'part') this.#rows += entry.rows;
    }
    this.#entries.push(...entries);
    this.#soundEnd = merge.file.length;
    merge.file.keep();
    const bytes = this.#soundEnd - merge.state.length;
    const full = this.#entries.length >= tuning.commitParts || bytes >= tuning.commitBytes;
    const rows = merge.state.file.rows + this.#rows;
    const file = { rows, bytes: this.#soundEnd, since: merge.state.since };
    const rotating = isRotationDue(rotate, file);
    if (full || rotating) await this.commit();
    if (rotating) await this.begin();
  }

  /** Bytes first, then the entries that vouch for them: see openMerge. */
  async commit(): Promise<void> {
    if (this.#entries.length === 0) return;
    const { port, merge } = this.#pass;
    const { path, file, journal, state } = merge;
    await file.sync();
    await journal.append(this.#entries);
    for (const entry of this.#entries) state.add(entry);
    this.#entries = [];
    this.#rows = 0;
    await publishLength(port, path, state.length);
    this.#pass.onCommit?.();
  }

  async giveUp(): Promise<void> {
    const { file, journal, state } = this.#pass.merge;
    // Half of a rotation is finished by the next start.
    if (state.rotating) return;
    try {
      if (!file.failed && !journal.failed) {
        await file.cutBack(this.#soundEnd);
        return await this.commit();
      }
    } catch {
      // The first error is the one to tell; here remains to take back what can be.
    }
    if (!journal.unclear) await file.cutBack(state.length).catch(() => undefined);
  }
}
