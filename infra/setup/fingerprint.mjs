import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} path
 * @returns {string} first 16 hex digits of the SHA-256 of a file's bytes
 */
export function hashFile(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}

/**
 * Tells one file from a replaced one without reading it.
 * @param {string} path followed when it is a link
 * @returns {string | undefined} undefined when there is no such file
 */
export function identifyFile(path) {
  try {
    const real = realpathSync(path);
    const { size, mtimeMs } = statSync(real);
    return `${real} ${size} ${Math.round(mtimeMs)}`;
  } catch {
    return undefined;
  }
}

/**
 * Names, sizes and times of a folder's files in one text.
 * @param {string} folder
 * @returns {string | undefined} undefined when there is no such folder
 */
export function identifyFolder(folder) {
  try {
    const files = readdirSync(folder).sort();
    const hash = createHash('sha256');
    for (const file of files) {
      const { size, mtimeMs } = statSync(join(folder, file));
      hash.update(`${file} ${size} ${Math.round(mtimeMs)}\n`);
    }
    return `${files.length} files ${hash.digest('hex').slice(0, 16)}`;
  } catch {
    return undefined;
  }
}
