import { type FileHandle, link, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Ends a file that was written under a temporary name: its bytes are on the disk before it gets its name, and
 * the name is on the disk before this resolves. A failed fsync is not tried again, because the kernel may have
 * dropped the pages already (https://wiki.postgresql.org/wiki/Fsync_Errors).
 */
export async function publishFile(
  file: FileHandle,
  temporary: string,
  name: string,
): Promise<void> {
  await syncAndClose(file);
  await rename(temporary, name);
  await syncFolder(dirname(name));
}

/**
 * Like {@link publishFile}, but a file that has the name already keeps it: then false. The temporary name stays, for
 * the caller to remove. Needs a file system with hard links, because a rename would replace.
 */
export async function publishNewFile(
  file: FileHandle,
  temporary: string,
  name: string,
): Promise<boolean> {
  await syncAndClose(file);
  try {
    await link(temporary, name);
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'EEXIST') {
      return false;
    }
    throw caught;
  }
  await syncFolder(dirname(name));
  return true;
}

async function syncAndClose(file: FileHandle): Promise<void> {
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
