import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoPlaces } from './demo-places.ts';

/** Starts the process that stops everything when this one dies, even by SIGKILL. Returns its pid. */
export function startGuardian(places: DemoPlaces): number | undefined {
  const log = openSync(join(places.logs, 'guardian.log'), 'a');
  const guardian = spawn(process.execPath, [join(import.meta.dirname, 'guardian.ts')], {
    cwd: places.root,
    env: { ...process.env, SLUICE_DEMO_FOLDER: places.folder },
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  guardian.unref();
  // An open pipe would keep this process alive after its work is done.
  (guardian.stdin as unknown as { unref(): void }).unref();
  return guardian.pid;
}
