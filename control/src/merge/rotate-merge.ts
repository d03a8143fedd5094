import { dirname, extname, join, parse } from 'node:path';
import type { FilePort } from './file-port.ts';
import { finishRotation } from './finish-rotation.ts';
import type { RotatedEntry } from './journal-lines.ts';
import type { RotationLimits } from './merge-settings.ts';
import type { OpenMerge } from './open-merge.ts';

/** Digits of the number in a finished file's name, so that names sort. */
const digits = 6;

/** True when the growing file, of this length and these rows, is to be finished. A file without rows never is. */
export function isRotationDue(
  limits: RotationLimits | undefined,
  file: { readonly rows: number; readonly bytes: number; readonly since: string | undefined },
  now = Date.now(),
): boolean {
  if (limits === undefined || file.rows === 0) return false;
  const { bytes = Number.POSITIVE_INFINITY, rows = Number.POSITIVE_INFINITY, ms } = limits;
  const age = file.since === undefined ? 0 : now - Date.parse(file.since);
  return file.bytes >= bytes || file.rows >= rows || (ms !== undefined && age >= ms);
}

/**
 * Finishes the growing file under a name of its own and begins a new one. The order, each step safe on disk before
 * the next: `rotated` entry (the decision); the file takes its new name; manifest and `latest`; an empty file takes
 * the old name; `open` entry. While `rotated` is the last entry nothing was written to the new file, so what stands
 * under the old name with bytes in it is the old file, and a start finishes the steps: see finishRotation.
 */
export async function rotateMerge(port: FilePort, merge: OpenMerge): Promise<void> {
  const { path, file, journal, state } = merge;
  const name = await freeName(port, path, state.finished.length + 1);
  const entry: RotatedEntry = {
    kind: 'rotated',
    file: name,
    ...state.file,
    at: new Date().toISOString(),
  };
  await journal.append([entry]);
  state.add(entry);
  await finishRotation(port, path, state);
  const fresh = await port.open(path, 'create');
  await file.restart(fresh);
  await port.syncFolder(dirname(path));
  const mark = { kind: 'open', at: new Date().toISOString() } as const;
  await journal.append([mark]);
  state.add(mark);
}

/** Names of others are not overwritten, and a finished file that was taken away does not free its number. */
async function freeName(port: FilePort, path: string, from: number): Promise<string> {
  const extension = extname(path);
  const { name } = parse(path);
  for (let number = from; ; number += 1) {
    const file = `${name}-${String(number).padStart(digits, '0')}${extension}`;
    if ((await port.size(join(dirname(path), file))) === undefined) return file;
  }
}
