import { dirname } from 'node:path';
import { isObjectPath } from '../storage/place.ts';
import { lengthFileOf, withdrawLength } from './committed-length.ts';
import type { FilePort } from './file-port.ts';
import { journalOf, MergeJournal, readJournal } from './merge-journal.ts';

/** Where a merged file is rebuilt, with a journal of its own. */
export function rebuildOf(file: string): string {
  return `${file}.rebuild`;
}

/** Removes what an interrupted rebuild left behind, unless it was whole: see finishSwap. */
export async function clearRebuild(port: FilePort, file: string): Promise<void> {
  await port.remove(rebuildOf(file));
  await port.remove(journalOf(rebuildOf(file)));
  await port.remove(lengthFileOf(rebuildOf(file)));
}

/**
 * Puts a rebuilt file and its journal in the place of the old ones. Two names cannot be changed at once, so a `swap`
 * entry makes the decision; from then on every start finishes what a crash interrupted.
 */
export async function beginSwap(port: FilePort, file: string): Promise<void> {
  const path = journalOf(rebuildOf(file));
  const content = await readJournal(port, path);
  const journal = await port.open(path, 'write');
  try {
    const entries = [{ kind: 'swap', at: new Date().toISOString() } as const];
    await new MergeJournal(journal, content ?? { length: 0, entries: [] }).append(entries);
  } finally {
    await journal.close();
  }
  await port.syncFolder(dirname(file));
}

/** Finishes a swap that was decided. The file goes first: a rebuilt journal without its file means it has gone. */
export async function finishSwap(port: FilePort, file: string): Promise<void> {
  if (isObjectPath(file)) return;
  const rebuilt = rebuildOf(file);
  const content = await readJournal(port, journalOf(rebuilt));
  if (content?.entries.at(-1)?.kind !== 'swap') return;
  if ((await port.size(rebuilt)) !== undefined) {
    await withdrawLength(port, file);
    await port.remove(lengthFileOf(rebuilt));
    await port.rename(rebuilt, file);
    await port.syncFolder(dirname(file));
  }
  await port.rename(journalOf(rebuilt), journalOf(file));
  await port.syncFolder(dirname(file));
}
