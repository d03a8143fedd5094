import type { ChildProcess } from 'node:child_process';

/**
 * Asks a child to end by SIGTERM, ends it by SIGKILL when it takes longer, and resolves when it is gone. The child
 * is signalled and not its number: Node knows when a pid is no longer this process.
 */
export async function endProcess(child: ChildProcess, deadlineMs: number): Promise<void> {
  if (hasEnded(child)) {
    return;
  }
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await waitForEnd(child);
  clearTimeout(force);
}

/** Resolves with the exit code, or null when a signal ended the child or it was never started. */
export function waitForEnd(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (hasEnded(child)) {
      resolve(child.exitCode);
      return;
    }
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
}

/** A child without a pid was never started, because its command does not exist. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** How an ended child ended; `wanted` says what its command must be. */
export function describeEnd(child: ChildProcess, wanted: string): string {
  if (child.pid === undefined) {
    return `the command ${child.spawnfile} cannot be run; it must be ${wanted}`;
  }
  return child.signalCode ?? `exit code ${child.exitCode}`;
}
