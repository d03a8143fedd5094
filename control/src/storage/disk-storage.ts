import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../durable-file.ts';
import type { Storage } from './storage.ts';

/** The file systems of this machine. */
export const diskStorage: Storage = Object.freeze({
  list: async (folder) => (await unlessAbsent(readdir(folder))) ?? [],
  read: async (path, limitBytes) => unlessAbsent(readStart(path, limitBytes)),
  replace: async (path, bytes) => {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, bytes);
  },
  exists: async (path) => (await unlessAbsent(stat(path))) !== undefined,
} satisfies Storage);

async function readStart(path: string, limitBytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, limitBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function unlessAbsent<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
