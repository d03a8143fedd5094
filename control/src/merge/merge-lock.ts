import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from '../process-identity.ts';
import { isSystemError } from './file-port.ts';

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
export async function takeMergeLock(file: string): Promise<MergeLock> {
  const newest = Math.max(0, ...(await lockNumbers(file)));
  if (newest > 0) await refuseLive(file, newest);
  const number = newest + 1;
  if (!(await createLock(file, number))) throw await locked(file, number);
  for (const other of await lockNumbers(file)) {
    if (other > number) {
      await rm(lockPath(file, number), { force: true });
      throw await locked(file, other);
    }
    if (other < number) await rm(lockPath(file, other), { force: true });
  }
  return { release: () => rm(lockPath(file, number), { force: true }) };
}

function lockPath(file: string, number: number): string {
  return `${file}.lock-${number}`;
}

async function lockNumbers(file: string): Promise<readonly number[]> {
  const start = `${basename(file)}.lock-`;
  const names = await readdir(dirname(file));
  return names
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)));
}

/** Links a complete file to the name, so that nobody sees a lock without its owner. False when it is taken. */
async function createLock(file: string, number: number): Promise<boolean> {
  const process = identifyProcess(globalThis.process.pid);
  const owner = { process, host: hostname(), since: new Date().toISOString() };
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  await writeFile(temporary, JSON.stringify(owner));
  try {
    await link(temporary, lockPath(file, number));
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function refuseLive(file: string, number: number): Promise<void> {
  const owner = await readOwner(lockPath(file, number));
  if (owner === undefined) return;
  if (owner.host !== hostname() || isAlive(owner.process)) throw await locked(file, number);
}

async function locked(file: string, number: number): Promise<SluiceError> {
  const lock = lockPath(file, number);
  const owner = await readOwner(lock);
  const { host = 'an unknown host', since = 'just now' } = owner ?? {};
  const pid = owner?.process.pid ?? 'unknown';
  return new SluiceError('MERGE_LOCKED', { file, pid, host, since, lock });
}

/** The owner in a lock; undefined when it is gone, or unreadable: a power cut may have emptied it. */
async function readOwner(lock: string): Promise<LockOwner | undefined> {
  try {
    const owner = JSON.parse(await readFile(lock, 'utf8')) as Partial<LockOwner>;
    const { process, host, since } = owner;
    return process && host && since ? { process, host, since } : undefined;
  } catch {
    return undefined;
  }
}
