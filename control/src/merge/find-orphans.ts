import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isObjectPath } from '../storage/place.ts';
import type { FilePort } from './file-port.ts';

/**
 * Files in an output folder that Spark never committed: leftovers of killed and repeated tasks. Hidden files and
 * those of Spark itself (`_...`, `.crc`) do not count. Paths are below the folder, with `/`.
 */
export async function findOrphans(
  port: FilePort,
  directory: string,
  isCommitted: (relativePath: string) => boolean,
): Promise<readonly string[]> {
  const below = isObjectPath(directory)
    ? await listObjects(port, directory)
    : await listFiles(directory);
  return below.filter((path) => !isCommitted(path)).sort();
}

async function listObjects(port: FilePort, directory: string): Promise<readonly string[]> {
  const all = (await port.listBelow?.(directory)) ?? [];
  // A name that ends with a slash is the marker that some tools put where a folder would be.
  return all.filter((path) => !path.split('/').some((name) => /^[._]|^$/.test(name)));
}

async function listFiles(directory: string): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (/^[._]/.test(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path);
      if (entry.isFile()) files.push(relative(directory, path).split(sep).join('/'));
    }
  }
  return files;
}
