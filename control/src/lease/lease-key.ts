import { realpathSync } from 'node:fs';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * One name for a folder however it is spelt, so that two spellings cannot be taken for two folders: s3 is s3a,
 * `file:` is a plain path, doubled and trailing slashes and `.`, `..` go, symbolic links on a disk are followed as
 * far as the path is there. Relative paths start at the work folder.
 */
export function leaseKey(path: string, workFolder: string): string {
  const bucket = /^s3[an]?:\/\/([^/]+)(\/.*)?$/i.exec(path);
  if (bucket) return `s3a://${bucket[1]}${withoutEnd(posix.normalize(bucket[2] ?? '/'))}`;
  const plain = /^file:/i.test(path) ? fileURLToPath(withHost(path)) : resolve(workFolder, path);
  return followLinks(withoutEnd(plain));
}

/** Hadoop writes `file:/a` and `file:///a`; both are without a host. */
function withHost(path: string): string {
  return path.replace(/^file:\/*/i, 'file:///');
}

function withoutEnd(path: string): string {
  return path.replace(/\/+$/, '') || '/';
}

/** A folder that is not there yet is named by its nearest parent that is. */
function followLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(followLinks(parent), basename(path));
  }
}
