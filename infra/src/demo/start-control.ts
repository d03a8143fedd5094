import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { identifyProcess } from '../../setup/process-identity.mjs';
import { DemoError } from './demo-errors.ts';
import type { DemoPlaces } from './demo-places.ts';
import type { Ledger } from './process-ledger.ts';

const SHOWN_LINES = 15;

export interface StartedControl {
  readonly url: string;
  readonly identity: Ledger['demo'];
  readonly process: ChildProcess;
}

/**
 * Starts `sluice serve` in a process group of its own and resolves when it listens.
 * Throws DEMO_PROCESS_ENDED with the end of its log.
 */
export async function startControl(
  places: DemoPlaces,
  environment: Readonly<Record<string, string>>,
): Promise<StartedControl> {
  await mkdir(places.logs, { recursive: true });
  const log = join(places.logs, 'control.log');
  const logFile = openSync(log, 'a');
  const child = spawn(process.execPath, [join(places.root, 'control/src/cli.ts'), 'serve'], {
    cwd: places.root,
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', logFile],
  });
  closeSync(logFile);
  const url = await readReadyLine(child);
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (url === undefined || identity === undefined) {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    throw processEnded('The control service', child, log);
  }
  return { url, identity, process: child };
}

/** What the service says on standard output once it listens: {"listening":"http://127.0.0.1:8350"}. */
async function readReadyLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    // The pipe stays open for the life of the service, but must not keep this process alive.
    child.stdout.destroy();
    child.unref();
    return (JSON.parse(line) as { listening: string }).listening;
  }
  return undefined;
}

/** The error for a child that ended by itself, with the last lines of its log. */
export function processEnded(name: string, child: ChildProcess, log: string): DemoError {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  return new DemoError('DEMO_PROCESS_ENDED', { name, how, log, lines });
}
