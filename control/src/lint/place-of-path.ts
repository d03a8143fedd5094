import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isObjectPath, resolvePlace } from '../storage/place.ts';

/** Where a path really leads: one name for all spellings of a place. Undefined when that cannot be told. */
export function placeOfPath(path: string, workFolder: string): string | undefined {
  return isObjectPath(path) ? resolvePlace(path, workFolder) : placeOnDisk(path, workFolder);
}

/**
 * On a disk: symbolic links of its existing part followed, the rest put behind. Undefined when
 * that cannot be told: a link that leads nowhere (what is written would appear wherever it points), a loop, or
 * a folder that may not be read.
 */
function placeOnDisk(path: string, workFolder: string): string | undefined {
  const missing: string[] = [];
  let at = resolve(workFolder, path);
  for (;;) {
    const real = realPath(at);
    if (real !== 'missing') {
      return real === undefined ? undefined : join(real, ...missing);
    }
    missing.unshift(basename(at));
    at = dirname(at);
  }
}

/** Whether a path is another or lies below it; both absolute. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function realPath(path: string): string | 'missing' | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    return isMissing(error) && !isThere(path) ? 'missing' : undefined;
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
