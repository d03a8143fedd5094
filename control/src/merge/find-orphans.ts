import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * Files in an output folder that Spark never committed: leftovers of killed and repeated tasks. Hidden files and
 * those of Spark itself (`_...`, `.crc`) do not count. Paths are below the folder, with `/`.
 */
export async function findOrphans(
  directory: string,
  isCommitted: (relativePath: string) => boolean,
): Promise<readonly string[]> {
  const orphans: string[] = [];
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (/^[._]/.test(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path);
      const below = relative(directory, path).split(sep).join('/');
      if (entry.isFile() && !isCommitted(below)) orphans.push(below);
    }
  }
  return orphans.sort();
}
