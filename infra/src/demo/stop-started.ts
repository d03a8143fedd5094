import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../setup/process-identity.mjs';
import { ControlApi, type PipelineStatus } from './control-api.ts';
import { DemoError } from './demo-errors.ts';
import type { DemoPlaces } from './demo-places.ts';
import { endProcess } from './end-process.ts';
import { endOrder, type Ledger, type ProcessName, readLedger } from './process-ledger.ts';
import { startControl } from './start-control.ts';

const END_MS = 15_000;
const STOP_PIPELINES_MS = 90_000;
const restStates = ['DRAFT', 'STOPPED', 'FAILED'];

/** Called with what is about to be stopped. */
export type Tell = (what: string) => void;

/**
 * Stops what a demo has started, in order: producer, drivers (by the control service, which finds them again
 * even when it had died), control service, Spark cluster, broker or emulator. Works from the ledger alone, so the demo itself,
 * its guardian and the next demo can all call it; may be called twice. Throws DEMO_DRIVER_LEFT when a driver does not
 * end; then everything that could still end it stays, and so does the ledger.
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
  for (const name of endOrder.slice(endOrder.indexOf('control') + 1)) {
    await end(ledger, name, tell);
  }
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
  try {
    for (const name of await api.names()) {
      tell(`pipeline ${name}`);
      await api.stop(name);
      await waitForRest(api, name, ledger);
    }
  } catch (error) {
    // One that is not in the ledger would keep the state from whoever tries next.
    if (identity.pid !== ledger.processes.control.pid) await endProcess(identity, END_MS);
    throw error;
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

/** A driver whose end nobody has seen may still write: letting go of it would lose sight of it for good. */
async function waitForRest(api: ControlApi, name: string, ledger: Ledger): Promise<void> {
  const deadline = performance.now() + STOP_PIPELINES_MS;
  let status = await api.status(name);
  while (!restStates.includes(status.observed.state)) {
    if (isEmulatorGone(ledger)) return;
    if (performance.now() > deadline) throw driverLeft(name, status);
    await sleep(100);
    status = await api.status(name);
  }
}

function driverLeft(name: string, { observed, run }: PipelineStatus): DemoError {
  const seconds = STOP_PIPELINES_MS / 1000;
  const pid = run?.pid ?? 'unknown';
  return new DemoError('DEMO_DRIVER_LEFT', { pipeline: name, seconds, state: observed.state, pid });
}
