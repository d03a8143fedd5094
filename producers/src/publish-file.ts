import { type FileHandle, open, rename } from 'node:fs/promises';
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
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, name);
  await syncFolder(dirname(name));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
