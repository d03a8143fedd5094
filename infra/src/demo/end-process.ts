import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../setup/process-identity.mjs';
import type { Ledger } from './process-ledger.ts';

type Identity = Ledger['demo'];

/** SIGTERM, then after the deadline SIGKILL. Resolves when the process is gone; does nothing if it is already. */
export async function endProcess(identity: Identity, deadlineMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', deadlineMs],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isAlive(identity)) return;
    signalProcess(identity.pid, signal);
    await waitUntilGone(identity, waitMs);
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function waitUntilGone(identity: Identity, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (isAlive(identity) && performance.now() < deadline) {
    await sleep(50);
  }
}
