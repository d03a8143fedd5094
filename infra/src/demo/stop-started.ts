import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../setup/process-identity.mjs';
import { ControlApi } from './control-api.ts';
import type { DemoPlaces } from './demo-places.ts';
import { endProcess } from './end-process.ts';
import { type Ledger, type ProcessName, readLedger } from './process-ledger.ts';
import { startControl } from './start-control.ts';

const END_MS = 15_000;
const STOP_PIPELINES_MS = 90_000;
const restStates = ['DRAFT', 'STOPPED', 'FAILED'];

/** Called with what is about to be stopped. */
export type Tell = (what: string) => void;

/**
 * Stops what a demo has started, in order: producer, drivers (by the control service, which finds them again
 * even when it had died), control service, broker or emulator. Works from the ledger alone, so the demo itself, its
 * guardian and the next demo can all call it; may be called twice.
 */
export async function stopStarted(places: DemoPlaces, tell: Tell): Promise<void> {
  const ledger = readLedger(places.ledger);
  if (!ledger) return;
  await end(ledger, 'producer', tell);
  const control = await stopPipelines(places, ledger, tell);
  if (control) {
    tell('control');
    await endProcess(control, END_MS);
  }
  await end(ledger, 'kafka', tell);
  await end(ledger, 'emulator', tell);
  await rm(places.ledger, { force: true });
}

async function end(ledger: Ledger, name: ProcessName, tell: Tell): Promise<void> {
  const identity = ledger.processes[name];
  if (identity && isAlive(identity)) {
    tell(name);
    await endProcess(identity, END_MS);
  }
}

/** Returns the control service that did it, so that it can be ended. */
async function stopPipelines(
  places: DemoPlaces,
  ledger: Ledger,
  tell: Tell,
): Promise<Ledger['demo'] | undefined> {
  if (!ledger.processes.control) return undefined;
  if (isEmulatorGone(ledger)) return ledger.processes.control;
  const { url, identity } = await reachControl(places, ledger, ledger.processes.control);
  const api = new ControlApi(url);
  for (const name of await api.names()) {
    tell(`pipeline ${name}`);
    await api.stop(name);
    await waitForRest(api, name, ledger);
  }
  return identity;
}

/** The service that runs, or a new one on the same state: it adopts the drivers of the one that died. */
async function reachControl(places: DemoPlaces, ledger: Ledger, identity: Ledger['demo']) {
  const url = ledger.environment.SLUICE_URL;
  if (isAlive(identity) && url !== undefined && (await new ControlApi(url).isReady())) {
    return { url, identity };
  }
  await endProcess(identity, END_MS);
  return startControl(places, ledger.environment);
}

/** The drivers of an emulator end with it. */
function isEmulatorGone({ processes: { emulator } }: Ledger): boolean {
  return emulator !== undefined && !isAlive(emulator);
}

async function waitForRest(api: ControlApi, name: string, ledger: Ledger): Promise<void> {
  const deadline = performance.now() + STOP_PIPELINES_MS;
  while (performance.now() < deadline && !isEmulatorGone(ledger)) {
    const { observed } = await api.status(name);
    if (restStates.includes(observed.state)) return;
    await sleep(100);
  }
}
