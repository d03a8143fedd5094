import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { SluiceError } from '../errors/sluice-error.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from '../process-identity.ts';
import { diskLocks } from './disk-locks.ts';
import type { LockPlace } from './lock-place.ts';

export interface MergeLock {
  release(): Promise<void>;
}

interface LockOwner {
  readonly process: ProcessIdentity;
  readonly host: string;
  readonly since: string;
}

/**
 * Makes this process the only writer of a merged file. Owners are numbered: `<file>.lock-<n>`, created exclusively,
 * the highest number owns. A dead owner is not removed but outnumbered, so two takers cannot both win, as they can
 * when each removes what it believes to be stale. Throws MERGE_LOCKED naming a live owner; one on another host
 * counts as live, because from here it cannot be told.
 */
export async function takeMergeLock(
  file: string,
  place: LockPlace = diskLocks,
): Promise<MergeLock> {
  const newest = Math.max(0, ...(await place.numbers(file)));
  if (newest > 0) await refuseLive(place, file, newest);
  const number = newest + 1;
  const owner = describeOwner();
  if (!(await place.create(lockPath(file, number), JSON.stringify(owner)))) {
    throw await locked(place, file, number);
  }
  for (const other of await place.numbers(file)) {
    if (other > number) {
      await place.remove(lockPath(file, number));
      throw await locked(place, file, other);
    }
    if (other < number) await place.remove(lockPath(file, other));
  }
  return { release: () => place.remove(lockPath(file, number)) };
}

function describeOwner() {
  const process = identifyProcess(globalThis.process.pid);
  return { process, host: hostname(), since: new Date().toISOString(), nonce: randomUUID() };
}

function lockPath(file: string, number: number): string {
  return `${file}.lock-${number}`;
}

async function refuseLive(place: LockPlace, file: string, number: number): Promise<void> {
  const owner = await readOwner(place, lockPath(file, number));
  if (owner === undefined) return;
  if (owner.host !== hostname() || isAlive(owner.process)) throw await locked(place, file, number);
}

async function locked(place: LockPlace, file: string, number: number): Promise<SluiceError> {
  const lock = lockPath(file, number);
  const owner = await readOwner(place, lock);
  const { host = 'an unknown host', since = 'just now' } = owner ?? {};
  const pid = owner?.process.pid ?? 'unknown';
  return new SluiceError('MERGE_LOCKED', { file, pid, host, since, lock });
}

/** The owner in a lock; undefined when it is gone, or unreadable: a power cut may have emptied it. */
async function readOwner(place: LockPlace, lock: string): Promise<LockOwner | undefined> {
  try {
    const owner = JSON.parse(await place.read(lock)) as Partial<LockOwner>;
    const { process, host, since } = owner;
    return process && host && since ? { process, host, since } : undefined;
  } catch {
    return undefined;
  }
}
