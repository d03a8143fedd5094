import * as fs from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs, symlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { syncFolder } from '../durable-file.ts';
import {
  type FileAccess,
  type FilePort,
  isSystemError,
  type OpenFile,
  type StopWatching,
} from './file-port.ts';

// Plain descriptors: FileHandle objects cost a third more per small part (152 against 215 microseconds).
const openDescriptor = promisify(fs.open);
const statDescriptor = promisify(fs.fstat);
const truncateDescriptor = promisify(fs.ftruncate);
const syncDescriptor = promisify(fs.fsync);
const closeDescriptor = promisify(fs.close);

const flags = { read: 'r', write: 'r+', create: 'wx+' } as const;

/** The real disk. */
export const diskFiles: FilePort = {
  list: (folder) => readdir(folder),
  size: sizeOf,
  open: openFile,
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true });
  },
  async point(path, target) {
    const temporary = `${path}.tmp`;
    await rm(temporary, { force: true });
    await symlink(basename(target), temporary);
    await rename(temporary, path);
  },
  syncFolder,
  watch: watchFolder,
  async freeBytes(folder) {
    const disk = await statfs(folder);
    return disk.bavail * disk.bsize;
  },
};

function watchFolder(
  folder: string,
  heard: (name: string | undefined) => void,
): StopWatching | undefined {
  try {
    const watcher = fs.watch(folder, { persistent: false }, (_, name) => heard(name ?? ''));
    watcher.on('error', () => heard(undefined));
    return () => watcher.close();
  } catch {
    // Not there yet, or the system has no more watches: polling does without.
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function openFile(path: string, access: FileAccess): Promise<OpenFile> {
  const descriptor = await openDescriptor(path, flags[access], 0o644);
  return {
    size: async () => (await statDescriptor(descriptor)).size,
    read: (target, position) => readFully(descriptor, target, position),
    write: (bytes, position) => writeFully(descriptor, bytes, position),
    truncate: (length) => truncateDescriptor(descriptor, length),
    sync: () => syncDescriptor(descriptor),
    close: () => closeDescriptor(descriptor),
  };
}

async function readFully(descriptor: number, target: Uint8Array, position: number) {
  let done = 0;
  while (done < target.length) {
    const count = await readOnce(descriptor, target.subarray(done), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

async function writeFully(descriptor: number, bytes: Uint8Array, position: number) {
  let done = 0;
  while (done < bytes.length) {
    done += await writeOnce(descriptor, bytes.subarray(done), position + done);
  }
}

function readOnce(descriptor: number, target: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(descriptor, target, 0, target.length, position, (error, count) =>
      error ? reject(error) : resolve(count),
    );
  });
}

function writeOnce(descriptor: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(descriptor, bytes, 0, bytes.length, position, (error, count) =>
      error ? reject(error) : resolve(count),
    );
  });
}
