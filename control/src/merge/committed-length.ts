import { dirname } from 'node:path';
import { isObjectPath } from '../storage/place.ts';
import { diskFiles } from './disk-files.ts';
import { type FilePort, isSystemError } from './file-port.ts';
import { journalOf, readJournal } from './merge-journal.ts';
import { addUpJournal, type MergeState, type MergeTotals } from './merge-state.ts';

/**
 * Where readers of a growing file find how many of its bytes are good: a decimal number and a newline. The first so
 * many bytes are whole records, safe on disk, each once; behind them a part may just be on its way.
 */
export function lengthFileOf(file: string): string {
  return `${file}.committed`;
}

/**
 * Publishes the committed length for readers, in one step. The bytes are synced, or a power cut could leave some of
 * its digits; the name is not, because an old number is as true as a new one: a merged file only grows. An object is
 * always whole and has no such number.
 */
export async function publishLength(port: FilePort, file: string, length: number): Promise<void> {
  if (isObjectPath(file)) return;
  const path = lengthFileOf(file);
  const bytes = Buffer.from(`${length}\n`);
  if ((await readSmall(port, path))?.equals(bytes)) return;
  await replaceSmall(port, path, bytes);
}

/** Takes the number back before the file behind its name becomes another, shorter one. */
export async function withdrawLength(port: FilePort, file: string): Promise<void> {
  await port.remove(lengthFileOf(file));
  await port.syncFolder(dirname(file));
}

/** Puts a small file in place whole, over what was there; whether its name survives a power cut is for the caller. */
export async function replaceSmall(port: FilePort, path: string, bytes: Buffer): Promise<void> {
  if (port.replace !== undefined && isObjectPath(path)) return port.replace(path, bytes);
  const temporary = `${path}.tmp`;
  await port.remove(temporary);
  const file = await port.open(temporary, 'create');
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await port.rename(temporary, path);
}

async function readSmall(port: FilePort, path: string): Promise<Buffer | undefined> {
  try {
    const file = await port.open(path, 'read');
    const bytes = Buffer.alloc(32);
    const count = await file.read(bytes, 0).finally(() => file.close());
    return bytes.subarray(0, count);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What a journal knows: totals of all files, and of the growing one alone. */
export interface CommittedLength extends MergeTotals {
  /** Committed bytes of the growing file. */
  readonly length: number;
}

/**
 * How much of a merged file is good, by its journal. Undefined when there is no journal. Throws
 * MERGE_JOURNAL_CORRUPT.
 */
export async function readCommittedLength(file: string): Promise<CommittedLength | undefined> {
  const content = await readJournal(diskFiles, journalOf(file));
  const state: MergeState | undefined = content && addUpJournal(journalOf(file), content);
  return state && { ...state.totals, length: state.length };
}
