import { isObjectPath, joinPlace } from '../storage/place.ts';
import type { Storage } from '../storage/storage.ts';

/** How fast the holder of a lease moves, in ms. */
export interface LeasePace {
  /** Without a beat for this long, the holder may be taken over from. */
  readonly termMs: number;
  /** Longer than it takes between two beats. A holder elsewhere that shows none for so long is the driver's to judge. */
  readonly patienceMs: number;
  /** Between two looks at it. */
  readonly lookMs: number;
}

/** As the generated LeaseFolder has it: TERM 10 s, BEAT 2 s. */
export const diskPace: LeasePace = { termMs: 10_000, patienceMs: 3000, lookMs: 100 };
/** As the generated LeaseBucket has it: TERM 30 s, BEAT 5 s, looked at every 2 s, so a beat may come 7 s late. */
export const bucketPace: LeasePace = { termMs: 30_000, patienceMs: 9000, lookMs: 500 };

/** What control needs of a lease folder, on a disk or in a bucket. Only jobs write to it. */
export interface LeaseFiles {
  readonly pace: LeasePace;
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
    pace: isObjectPath(folder) ? bucketPace : diskPace,
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
