import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { SetupError } from '../setup-errors.mjs';
import { checkBy, pass, refuse } from './check.mjs';

/** @typedef {import('./check.mjs').Check} Check */

const GIGABYTE = 1e9;
const NEEDED_MEMORY = 2 * GIGABYTE;
const NEEDED_FILES = 4096;
/** This version was made after it, so an earlier clock is wrong. */
const MADE = Date.UTC(2026, 10, 1);

/**
 * @param {string} folder its disk is asked; need not be there yet
 * @param {number} neededBytes
 * @returns {Promise<Check>}
 */
export function checkDisk(folder, neededBytes) {
  const needed = showBytes(neededBytes);
  const question = { id: 'disk', group: 'Machine', wanted: `${needed} free` };
  return checkBy(question, () => {
    const { bavail, bsize } = statfsSync(nearestFolder(folder));
    const free = showBytes(bavail * bsize);
    if (bavail * bsize < neededBytes) {
      throw new SetupError('DISK_FULL', { folder, free, needed });
    }
    return `${free} free`;
  });
}

/**
 * @param {string} root
 * @returns {Promise<Check>}
 */
export function checkFolder(root) {
  const question = { id: 'folder', group: 'Machine', wanted: 'a folder that can be written to' };
  return checkBy(question, () => {
    const separator = [':', '"', "'", '*', '\\'].find((character) => root.includes(character));
    if (separator !== undefined) {
      throw new SetupError('FOLDER_NAME_UNUSABLE', { folder: root, character: separator });
    }
    try {
      accessSync(root, constants.W_OK);
    } catch {
      throw new SetupError('FOLDER_NOT_WRITABLE', { folder: root });
    }
    return root;
  });
}

/** @returns {Check} */
export function checkMemory() {
  const needed = showBytes(NEEDED_MEMORY);
  const question = { id: 'memory', group: 'Machine', wanted: `${needed} available` };
  const free = availableMemory();
  return free === undefined || free >= NEEDED_MEMORY
    ? pass(
        question,
        free === undefined ? 'not told by this system' : `${showBytes(free)} available`,
      )
    : refuse(question, 'warn', new SetupError('MEMORY_LOW', { free: showBytes(free), needed }));
}

/**
 * @returns {number | undefined} bytes; macOS counts only untouched pages as free, which says nothing
 */
function availableMemory() {
  if (process.platform !== 'linux') {
    return undefined;
  }
  const limit = process.constrainedMemory?.();
  return Math.min(freemem(), limit ? limit : Number.POSITIVE_INFINITY);
}

/** @returns {Check} */
export function checkOpenFiles() {
  const question = { id: 'open-files', group: 'Machine', wanted: `${NEEDED_FILES} open files` };
  const limit = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  return /^\d+$/.test(limit) && Number(limit) < NEEDED_FILES
    ? refuse(question, 'warn', new SetupError('FILE_LIMIT_LOW', { limit, needed: NEEDED_FILES }))
    : pass(question, `${limit || 'unknown'} open files`);
}

/**
 * @param {number} [now] milliseconds since 1970
 * @returns {Promise<Check>}
 */
export function checkClock(now = Date.now()) {
  const shown = new Date(now).toISOString();
  return checkBy({ id: 'clock', group: 'Machine', wanted: 'a clock that is right' }, () => {
    if (now < MADE) {
      throw new SetupError('CLOCK_WRONG', { now: shown });
    }
    return shown;
  });
}

/** @param {string} folder */
function nearestFolder(folder) {
  let nearest = folder;
  while (!existsSync(nearest)) {
    nearest = dirname(nearest);
  }
  return nearest;
}

/** @param {number} bytes */
function showBytes(bytes) {
  return bytes >= GIGABYTE
    ? `${(bytes / GIGABYTE).toFixed(1)} GB`
    : `${Math.round(bytes / 1e6)} MB`;
}
