import { isObjectPath } from '../storage/place.ts';
import { diskFiles } from './disk-files.ts';
import type { FilePort } from './file-port.ts';

/** Files of this machine and objects in buckets, by their paths. */
export function placeFiles(objects: FilePort): FilePort {
  const filesOf = (path: string): FilePort => (isObjectPath(path) ? objects : diskFiles);
  return {
    list: (folder) => filesOf(folder).list(folder),
    listBelow: async (folder) => (await filesOf(folder).listBelow?.(folder)) ?? [],
    size: (path) => filesOf(path).size(path),
    open: (path, access) => filesOf(path).open(path, access),
    rename: (from, to) => filesOf(from).rename(from, to),
    remove: (path) => filesOf(path).remove(path),
    makeFolder: (folder) => filesOf(folder).makeFolder(folder),
    point: (path, target) => filesOf(path).point(path, target),
    syncFolder: (folder) => filesOf(folder).syncFolder(folder),
    watch: (folder, heard) => filesOf(folder).watch?.(folder, heard),
    replace: async (path, bytes) => filesOf(path).replace?.(path, bytes),
    freeBytes: (folder) => filesOf(folder).freeBytes(folder),
  };
}
