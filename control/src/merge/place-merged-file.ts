import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { absolutePlace, isObjectPath } from '../storage/place.ts';
import { isSystemError } from './file-port.ts';

/** The one absolute name of a merged file, whatever links lead to it; makes its folder when missing. */
export async function placeMergedFile(into: string): Promise<string> {
  if (isObjectPath(into)) return absolutePlace(into);
  const path = resolve(into);
  await mkdir(dirname(path), { recursive: true });
  try {
    return await realpath(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}
