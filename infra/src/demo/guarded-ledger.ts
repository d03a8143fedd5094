import { mkdir } from 'node:fs/promises';
import type { DemoPlaces } from './demo-places.ts';
import { ProcessLedger } from './process-ledger.ts';
import { type StartedControl, startControl } from './start-control.ts';
import { startGuardian } from './start-guardian.ts';

/** A new ledger, with a guardian that stops what it names when this process dies. */
export async function openGuardedLedger(places: DemoPlaces): Promise<ProcessLedger> {
  await mkdir(places.logs, { recursive: true });
  const ledger = await ProcessLedger.open(places.ledger);
  const guardian = startGuardian(places);
  if (guardian !== undefined) await ledger.setGuardian(guardian);
  return ledger;
}

/**
 * Starts the control service. The ledger knows its settings before, so that a later demo can start it again, and its
 * address after.
 */
export async function startLedgedControl(
  places: DemoPlaces,
  ledger: ProcessLedger,
  environment: Readonly<Record<string, string>>,
): Promise<StartedControl> {
  await ledger.setEnvironment(environment);
  const control = await startControl(places, environment);
  await ledger.add('control', control.identity.pid);
  await ledger.setEnvironment({ ...environment, SLUICE_URL: control.url });
  return control;
}
