import { dirname, join, parse } from 'node:path';
import { publishLength, replaceSmall, withdrawLength } from './committed-length.ts';
import type { FilePort } from './file-port.ts';
import { journalOf } from './merge-journal.ts';
import type { MergeState } from './merge-state.ts';

/** Does what is left to do of a rotation that was decided; the growing file has no name then. Repeatable. */
export async function finishRotation(
  port: FilePort,
  path: string,
  state: MergeState,
): Promise<void> {
  const entry = state.rotating;
  if (entry === undefined) return;
  await syncDecision(port, path);
  const size = await port.size(path);
  const finished = join(dirname(path), entry.file);
  if (size !== undefined && size > 0) {
    await withdrawLength(port, path);
    await port.rename(path, finished);
    await port.syncFolder(dirname(path));
  } else {
    await port.remove(path);
  }
  await publishFinished(port, path, state);
  await publishLength(port, path, 0);
}

/** A crash without a power cut may have left the decision in the system's memory alone. */
async function syncDecision(port: FilePort, path: string): Promise<void> {
  const journal = await port.open(journalOf(path), 'write');
  await journal.sync().finally(() => journal.close());
}

/** Where the finished files of a merged file are listed, in JSON. */
export function manifestOf(file: string): string {
  const { dir, name } = parse(file);
  return join(dir, `${name}.manifest.json`);
}

/** The name that always stands for the newest finished file. */
export function latestOf(file: string): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}.latest${ext}`);
}

async function publishFinished(port: FilePort, path: string, state: MergeState): Promise<void> {
  const files = state.finished.map(({ kind: _, ...file }) => file);
  const newest = files.at(-1)?.file ?? '';
  const manifest = { version: 1, latest: newest, files };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await replaceSmall(port, manifestOf(path), bytes);
  const finished = join(dirname(path), newest);
  if ((await port.size(finished)) !== undefined) await port.point(latestOf(path), finished);
  await port.syncFolder(dirname(path));
}
