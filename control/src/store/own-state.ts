import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SluiceError } from '../errors/sluice-error.ts';
import { identifyProcess } from '../process-identity.ts';

/** Makes this process the owner of a state folder until it is released or the process ends. */
export interface StateOwnership {
  release(): void;
}

/**
 * Takes a state folder, making it when it is new. The lock is SQLite's own on a file of its own: the kernel drops
 * it when the process ends in whatever way, so there is no stale lock to judge. Beside it lies who holds it.
 * Throws STATE_OWNED naming the owner, or STATE_UNUSABLE.
 */
export function ownState(folder: string): StateOwnership {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(folder, error);
  }
  const lock = new DatabaseSync(join(folder, 'owner.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const isOwned = error instanceof Error && /locked|busy/.test(error.message);
    throw isOwned ? owned(folder) : unusable(folder, error);
  }
  writeFileSync(ownerFile(folder), JSON.stringify(self()));
  return { release: () => lock.close() };
}

function self(): object {
  return { ...identifyProcess(process.pid), since: new Date().toISOString() };
}

function owned(folder: string): SluiceError {
  const owner = readOwner(folder);
  return new SluiceError('STATE_OWNED', { path: folder, pid: owner.pid, since: owner.since });
}

function readOwner(folder: string): { pid: number | string; since: string } {
  try {
    return JSON.parse(readFileSync(ownerFile(folder), 'utf8'));
  } catch {
    return { pid: 'unknown', since: 'a moment ago' };
  }
}

function ownerFile(folder: string): string {
  return join(folder, 'owner.json');
}

function unusable(path: string, error: unknown): SluiceError {
  const problem = error instanceof Error ? error.message : String(error);
  return new SluiceError('STATE_UNUSABLE', { path, problem }, { cause: error });
}
