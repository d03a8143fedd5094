import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What control needs of a lease folder, on a disk or in a bucket. Only jobs write to it. */
export interface LeaseFiles {
  /** Names of the files; empty when the folder is not there. */
  list(): Promise<readonly string[]>;
  /** What a file says; undefined when it is not there, torn, or not a JSON object. */
  read(name: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** The lease folder at a path of this machine. Throws what reading throws, apart from "not there". */
export function leaseFilesOnDisk(folder: string): LeaseFiles {
  return {
    list: async () => (await unlessAbsent(readdir(folder))) ?? [],
    read: async (name) => parse(await unlessAbsent(readFile(join(folder, name), 'utf8'))),
  };
}

async function unlessAbsent<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
