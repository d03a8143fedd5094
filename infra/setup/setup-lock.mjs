import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive } from './process-identity.mjs';
import { SetupError } from './setup-errors.mjs';

const POLL_MS = 200;

/** @typedef {import('./process-identity.mjs').ProcessIdentity & { since: string }} Holder */

/**
 * @typedef {object} LockOptions
 * @property {number} [waitMs] how long to wait for a living holder before refusing
 * @property {(holder: Holder) => void} [onWait] called once, when there is a living holder
 */

/**
 * Takes the lock file for this process and returns the function that gives it back. A lock whose process is
 * dead is taken over. Throws SETUP_BUSY when a living process still holds it after `waitMs`.
 * @param {string} path
 * @param {LockOptions} [options]
 * @returns {Promise<() => Promise<void>>}
 */
export async function takeLock(path, options = {}) {
  const deadline = Date.now() + (options.waitMs ?? 0);
  const text = await describeSelf(path);
  let told = false;
  while (!(await createLock(path, text))) {
    const holder = readHolder(path);
    if (holder === undefined) {
      continue;
    }
    if (!isAlive(holder)) {
      await removeDeadLock(path, holder);
      continue;
    }
    if (!told) {
      told = true;
      options.onWait?.(holder);
    }
    if (Date.now() >= deadline) {
      throw new SetupError('SETUP_BUSY', { pid: holder.pid, since: holder.since });
    }
    await sleep(POLL_MS);
  }
  return () => rm(path, { force: true });
}

/**
 * @param {string} path
 * @returns {Promise<string>}
 */
async function describeSelf(path) {
  await mkdir(dirname(path), { recursive: true });
  return JSON.stringify({ ...identifyProcess(process.pid), since: new Date().toISOString() });
}

/**
 * Creates the lock with its text in one step: a lock without a holder is never seen.
 * @param {string} path
 * @param {string} text
 * @returns {Promise<boolean>} false when the lock is there already
 */
async function createLock(path, text) {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, text);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * @param {string} path
 * @returns {Holder | undefined} undefined when there is no lock; a lock that cannot be read has a dead holder
 */
function readHolder(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return existsSync(path) ? { pid: 0, startTime: '', bootId: '', since: 'unknown' } : undefined;
  }
}

/**
 * Two rivals may both see a dead holder; without the second lock the slower one would remove the lock that the
 * faster one has just taken. The second lock may be left by a dead process too, hence the recursion.
 * @param {string} path
 * @param {Holder} dead
 */
async function removeDeadLock(path, dead) {
  const release = await takeLock(`${path}.takeover`, { waitMs: 10_000 });
  try {
    const holder = readHolder(path);
    if (holder?.pid === dead.pid && holder.startTime === dead.startTime) {
      await rm(path, { force: true });
    }
  } finally {
    await release();
  }
}
