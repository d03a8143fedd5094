import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyProcess } from './process-identity.mjs';
import { takeLock } from './setup-lock.mjs';

/** @type {string} */
let folder;
/** @type {string} */
let path;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'setup.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a held lock is refused with the process that holds it', async () => {
  const release = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({
    code: 'SETUP_BUSY',
    message: expect.stringContaining(`process ${process.pid}`),
    next: expect.stringContaining(`kill ${process.pid}`),
  });
  await release();
  await (await takeLock(path))();
  expect(existsSync(path)).toBe(false);
});

test('a waiter is told whom it waits for and takes the lock when it is given back', async () => {
  const release = await takeLock(path);
  /** @type {number[]} */
  const holders = [];
  const waiting = takeLock(path, {
    waitMs: 10_000,
    onWait: (holder) => {
      holders.push(holder.pid);
      void release();
    },
  });
  await (await waiting)();
  expect(holders).toEqual([process.pid]);
});

test('the lock of a dead process is taken over', async () => {
  writeFileSync(path, describe(deadPid(), '1'));
  await (await takeLock(path))();
});

test('a living process that only has the pid of the holder does not count as the holder', async () => {
  writeFileSync(path, describe(process.pid, 'another start'));
  await (await takeLock(path))();
});

test('a lock that cannot be read is taken over', async () => {
  writeFileSync(path, '{"pid": 12');
  await (await takeLock(path))();
});

test('a lock whose taker died in the middle of taking over is taken over all the same', async () => {
  writeFileSync(path, describe(deadPid(), '1'));
  writeFileSync(`${path}.takeover`, describe(deadPid(), '1'));
  await (await takeLock(path))();
});

test('of many that find a dead holder, only one at a time has the lock', async () => {
  writeFileSync(path, describe(deadPid(), '1'));
  let inside = 0;
  let most = 0;
  const rivals = Array.from({ length: 20 }, async () => {
    const release = await takeLock(path, { waitMs: 15_000 });
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    await release();
  });
  await Promise.all(rivals);
  expect(most).toBe(1);
});

test('one that found a dead holder too late does not remove the lock of the one that was faster', async () => {
  writeFileSync(path, describe(deadPid(), '1'));
  const finishTakeover = await takeLock(`${path}.takeover`);
  const atTakeover = nextFile(`${basename(path)}.takeover.`);
  const late = takeLock(path);
  await atTakeover;
  const living = describe(process.pid, identifyProcess(process.pid)?.startTime ?? '');
  writeFileSync(path, living);
  await finishTakeover();
  await expect(late).rejects.toMatchObject({ code: 'SETUP_BUSY' });
  expect(readFileSync(path, 'utf8')).toBe(living);
});

/**
 * @param {string} start
 * @returns {Promise<void>} resolves when a file whose name starts so is made in the folder
 */
function nextFile(start) {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (name?.startsWith(start)) {
        watcher.close();
        resolve();
      }
    });
  });
}

/** @returns {number} the pid of a process that has just ended */
function deadPid() {
  return spawnSync('true').pid;
}

/**
 * @param {number} pid
 * @param {string} startTime
 */
function describe(pid, startTime) {
  const { bootId = '' } = identifyProcess(process.pid) ?? {};
  return JSON.stringify({ pid, startTime, bootId, since: '2026-11-24T10:00:00.000Z' });
}
