import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isSystemError } from './file-port.ts';
import { type LockPlace, lockNumbersAmong } from './lock-place.ts';

/** Locks on a disk. */
export const diskLocks: LockPlace = {
  numbers: async (file) => lockNumbersAmong(await readdir(dirname(file)), basename(file)),
  create: createLock,
  read: (lock) => readFile(lock, 'utf8'),
  remove: (lock) => rm(lock, { force: true }),
};

/** Links a complete file to the name, so that nobody sees a lock without its owner. */
async function createLock(lock: string, content: string): Promise<boolean> {
  const temporary = join(dirname(lock), `.${basename(lock)}.${randomUUID()}.tmp`);
  await writeFile(temporary, content);
  try {
    await link(temporary, lock);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
