import type { AwsSettings } from '../config.ts';
import { diskStorage } from './disk-storage.ts';
import { isObjectPath } from './place.ts';
import type { Storage } from './storage.ts';

/** Opens all places. The client for buckets is loaded with the first of them: most services never need it. */
export function openStorage(aws: AwsSettings): Storage {
  let objects: Promise<Storage> | undefined;
  const storageOf = async (path: string): Promise<Storage> => {
    if (!isObjectPath(path)) return diskStorage;
    objects ??= import('./object-storage.ts').then((module) => module.openObjectStorage(aws));
    return objects;
  };
  return {
    list: async (folder) => (await storageOf(folder)).list(folder),
    read: async (path, limitBytes) => (await storageOf(path)).read(path, limitBytes),
    replace: async (path, bytes) => (await storageOf(path)).replace(path, bytes),
    exists: async (path) => (await storageOf(path)).exists(path),
  };
}
