import { dirname } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { publishLength } from './committed-length.ts';
import type { FilePort, OpenFile } from './file-port.ts';
import { finishRotation } from './finish-rotation.ts';
import { hexOf, type MergeEntry } from './journal-lines.ts';
import { journalCorrupt, journalOf, MergeJournal, readJournal } from './merge-journal.ts';
import { addUpJournal, type MergeState } from './merge-state.ts';
import { MergedFile } from './merged-file.ts';

/** A merged file and its journal, both open at their good ends. */
export interface OpenMerge {
  readonly path: string;
  readonly file: MergedFile;
  readonly journal: MergeJournal;
  readonly state: MergeState;
  /** Bytes that a crash had left behind the committed length and that were cut off. */
  readonly cutBack: number;
}

/**
 * The order of writes, and why any crash leaves a file that can be set right:
 *
 *   begin    journal created, its first entry synced; merged file created; folder synced
 *   append   [`open` entry synced]; bytes of many parts written and synced; then their entries written and synced
 *   end      `closed` entry
 *
 * Bytes are synced before the entry that vouches for them is written, so an entry never promises bytes that a power
 * cut can take. What stands behind the last entry is nobody's and is cut off here; the parts it came from are not in
 * the journal and are merged again. Both names are synced before the first byte of the merged file is written, so
 * neither can be lost later, and a file that has bytes and no journal is never ours. `open` is
 * synced before the first byte that may be left over, so bytes behind `closed` were written by somebody else and are
 * not cut off but refused. Cutting off twice is the same as once: a crash in here changes nothing.
 */
export async function openMerge(
  port: FilePort,
  path: string,
  bufferBytes: number,
): Promise<OpenMerge | undefined> {
  const content = await readJournal(port, journalOf(path));
  const state = content === undefined ? undefined : addUpJournal(journalOf(path), content);
  if (content === undefined || state === undefined) {
    refuseForeign(path, content === undefined, (await port.size(path)) ?? 0);
    return undefined;
  }
  await finishRotation(port, path, state);
  const size = await port.size(path);
  refuseChanged(path, size, state);
  const journal = await port.open(journalOf(path), 'write');
  const file = await port.open(path, size === undefined ? 'create' : 'write');
  try {
    await port.syncFolder(dirname(path));
    const bytes = state.length;
    const merged = new MergedFile(file, bytes, bufferBytes);
    await checkBytes(path, merged, state);
    if (content.torn) await journal.truncate(content.length);
    if (content.torn || !state.closed) await journal.sync();
    const cutBack = Math.max(0, (size ?? 0) - bytes);
    if (cutBack > 0) await cutOff(file, bytes);
    await publishLength(port, path, bytes);
    return { path, file: merged, journal: new MergeJournal(journal, content), state, cutBack };
  } catch (error) {
    await journal.close();
    await file.close();
    throw error;
  }
}

function refuseForeign(path: string, noJournal: boolean, size: number): void {
  if (size === 0) return;
  if (noJournal) throw new SluiceError('MERGE_FILE_FOREIGN', { file: path });
  throw journalCorrupt(journalOf(path), 1);
}

function refuseChanged(path: string, size: number | undefined, state: MergeState): void {
  const bytes = state.length;
  if (size === undefined && bytes > 0) throw changed(path, 'it is gone');
  if (size === undefined || size === bytes) return;
  if (size < bytes) throw changed(path, `it has ${size} bytes instead of ${bytes}`);
  if (state.closed) throw changed(path, `somebody added ${size - bytes} bytes to it`);
}

function changed(file: string, problem: string): SluiceError {
  return new SluiceError('MERGE_FILE_CHANGED', { file, problem });
}

async function cutOff(file: OpenFile, length: number): Promise<void> {
  await file.truncate(length);
  await file.sync();
}

/** Throws MERGE_FILE_CHANGED when somebody else wrote to the merged file since our last write. */
export async function checkEnd({ path, file, state }: OpenMerge): Promise<void> {
  const bytes = state.length;
  const size = await file.size();
  if (size !== bytes) throw changed(path, `it has ${size} bytes instead of ${bytes}`);
  if (!file.sealed) await checkBytes(path, file, state);
}

/**
 * Compares the newest bytes of the merged file with the journal: cheap enough for every start and every pass, and
 * it notices most edits by hand, since these move or rewrite what follows. `sluice verify` compares everything.
 */
async function checkBytes(path: string, file: MergedFile, state: MergeState): Promise<void> {
  for (const { end, bytes, crc32, tail = { bytes, crc32 } } of state.recent) {
    const from = end - tail.bytes;
    const crc = await file.checksum(from, tail.bytes);
    if (crc === undefined || hexOf(crc) !== tail.crc32) {
      throw changed(path, `bytes ${from} to ${end} are not as merged`);
    }
  }
}

/** Begins a merged file where there is none; its names are safe once it is opened. */
export async function beginMerge(port: FilePort, path: string, begun: MergeEntry): Promise<void> {
  // A crash may have left a journal without its first entry.
  await port.remove(journalOf(path));
  const journal = await port.open(journalOf(path), 'create');
  try {
    await new MergeJournal(journal, { length: 0, entries: [] }).append([begun]);
  } finally {
    await journal.close();
  }
  if ((await port.size(path)) === undefined) {
    await port.open(path, 'create').then((file) => file.close());
  }
}

/** Marks the end of our writing, if it is known, and closes both files. */
export async function closeMerge({ file, journal, state }: OpenMerge): Promise<void> {
  try {
    if (!state.closed && !state.rotating && !file.failed && !journal.failed) {
      await journal.appendUnsynced([{ kind: 'closed', at: new Date().toISOString() }]);
    }
  } catch {
    // The mark only sharpens the next check; without it the next start cuts off what it finds.
  } finally {
    await journal.close();
    await file.close();
  }
}
