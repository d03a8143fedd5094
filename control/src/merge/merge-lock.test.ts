import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess } from '../process-identity.ts';
import { takeMergeLock } from './merge-lock.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'));
  file = join(folder, 'rows.csv');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function leaveLock(number: number, process: unknown, host = hostname()): void {
  const owner = { process, host, since: '2026-11-24T10:00:00.000Z' };
  writeFileSync(`${file}.lock-${number}`, JSON.stringify(owner));
}

describe('the lock of a merged file (F12)', () => {
  it('F12: is refused while its owner lives, naming it, and free after it lets go', async () => {
    const lock = await takeMergeLock(file);
    const refusal = expect.objectContaining({
      code: 'MERGE_LOCKED',
      parameters: expect.objectContaining({ pid: process.pid, host: hostname() }),
    });
    await expect(takeMergeLock(file)).rejects.toEqual(refusal);
    await lock.release();
    await (await takeMergeLock(file)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from an owner that died', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const identity = identifyProcess(child.pid ?? 0);
    leaveLock(4, identity);
    await expect(takeMergeLock(file)).rejects.toThrow(String(child.pid));
    child.stdin.end();
    await once(child, 'exit');
    const lock = await takeMergeLock(file);
    expect(readdirSync(folder)).toEqual(['rows.csv.lock-5']);
    await lock.release();
  });

  it('F12: is taken over when the pid was given to another process since, and when it is unreadable', async () => {
    leaveLock(1, { ...identifyProcess(process.pid), startTime: '1' });
    await (await takeMergeLock(file)).release();
    writeFileSync(`${file}.lock-1`, '');
    await (await takeMergeLock(file)).release();
  });

  it('is refused while its owner is on another host, naming the file to remove', async () => {
    leaveLock(1, { pid: 1, startTime: '1', bootId: 'x' }, 'elsewhere');
    await expect(takeMergeLock(file)).rejects.toThrow('elsewhere');
  });

  it('goes to one of many that ask at once', async () => {
    leaveLock(1, { pid: 1, startTime: '1', bootId: 'x' });
    const takes = await Promise.allSettled(Array.from({ length: 20 }, () => takeMergeLock(file)));
    expect(takes.filter((take) => take.status === 'fulfilled')).toHaveLength(1);
  });
});
