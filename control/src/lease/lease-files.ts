import { joinPlace } from '../storage/place.ts';
import type { Storage } from '../storage/storage.ts';

/** What control needs of a lease folder, on a disk or in a bucket. Only jobs write to it. */
export interface LeaseFiles {
  /** Names of the files; empty when the folder is not there. */
  list(): Promise<readonly string[]>;
  /** What a file says; undefined when it is not there, torn, or not a JSON object. */
  read(name: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** The job writes a few hundred bytes. */
const largestFile = 64 * 1024;

/** The lease folder at a place. Throws what the storage throws. */
export function leaseFilesAt(storage: Storage, folder: string): LeaseFiles {
  return {
    list: () => storage.list(folder),
    read: async (name) => parse(await storage.read(joinPlace(folder, name), largestFile)),
  };
}

function parse(bytes: Buffer | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
