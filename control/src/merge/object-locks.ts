import { Refusal } from '../errors/refusal.ts';
import { type LockPlace, lockNumbersAmong } from './lock-place.ts';
import type { ObjectStore } from './object-store.ts';

const attempts = 5;

/** Locks in a bucket, beside the merged object. Created by a write that wants nothing there. */
export function objectLocks(store: ObjectStore): LockPlace {
  const read = async (lock: string): Promise<string> => {
    const head = await store.head(lock);
    if (head === undefined) return '';
    const range = { path: lock, version: head.version, from: 0, to: head.size };
    return (await store.read(range)).toString();
  };
  return {
    numbers: async (file) => {
      const [, folder = '', name = ''] = /^(.*)\/([^/]*)$/.exec(file) ?? [];
      return lockNumbersAmong(await store.list(folder), name);
    },
    create: async (lock, content) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await store.put({ path: lock, after: undefined, mark: 'lock' }, Buffer.from(content));
          return true;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const found = await read(lock);
          // The answer to an earlier try may have been lost; another write may have been under way, and have failed.
          if (found !== '' || attempt === attempts) return found === content;
        }
      }
    },
    read,
    remove: (lock) => store.remove(lock),
  };
}
