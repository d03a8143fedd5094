import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeProblem, ProducerError } from '../producer-errors.ts';
import { publishNewFile } from '../publish-file.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** A store that writes each snapshot to a file of its own below `folder`, whose parents are made when missing. */
export function openSnapshotFolder(folder: string): SnapshotStore {
  const root = resolve(folder);
  return Object.freeze({
    put: (name: string, body: string) =>
      writeWhole(join(root, name), body).catch((caught: unknown) => {
        throw new ProducerError('FOLDER_FAILED', {
          folder: root,
          problem: describeProblem(caught),
        });
      }),
    close: () => Promise.resolve(),
  });
}

/** Under a name that starts with a dot, which Spark and `ls` pass over, until it is whole and on the disk. */
async function writeWhole(path: string, body: string): Promise<'written' | 'taken'> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    await file.writeFile(body).catch(async (caught: unknown) => {
      await file.close();
      throw caught;
    });
    return (await publishNewFile(file, temporary, path)) ? 'written' : 'taken';
  } finally {
    await rm(temporary, { force: true });
  }
}
