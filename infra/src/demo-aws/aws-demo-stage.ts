import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAwsEmulator } from '../aws-emulator.ts';
import { ControlApi } from '../demo/control-api.ts';
import { openGuardedLedger, startLedgedControl } from '../demo/guarded-ledger.ts';
import type { Tell } from '../demo/stop-started.ts';
import { type AwsClients, openAwsClients } from './aws-clients.ts';
import type { AwsDemoPlaces } from './aws-demo-places.ts';
import { collectSnapshots } from './collect-snapshots.ts';
import { type DeployedStack, deployStack } from './deploy-stack.ts';
import { type MarketsServer, startMarketsServer } from './markets-server.ts';

export const pipelineName = 'crypto-markets';
const LIVE_ROOT = 'https://api.coingecko.com/api/v3';

/** The arm as it stands when the pipeline runs. */
export interface AwsDemoStage {
  readonly clients: AwsClients;
  readonly stack: DeployedStack;
  /** The snapshots that the collector put into the bucket, as they are there. */
  readonly snapshots: readonly string[];
  readonly api: ControlApi;
}

export interface AwsDemoSettings {
  readonly live: boolean;
  /** Of the control service. */
  readonly port: number;
}

/** Starts emulator, stack, collector, control service and pipeline; each is on disk before the next starts. */
export async function setAwsStage(
  places: AwsDemoPlaces,
  { live, port }: AwsDemoSettings,
  tell: Tell,
): Promise<AwsDemoStage> {
  const ledger = await openGuardedLedger(places);
  tell('starting an AWS of this machine');
  const emulator = await startEmulator(places);
  await ledger.add('emulator', emulator.pid);
  const clients = openAwsClients(emulator.endpoint);
  const { stack, snapshots } = await fillBucket(places, { clients, live, tell });
  tell('starting the control service and the pipeline on AWS Glue');
  const environment = { ...emulator.environment, ...controlEnvironment(places, stack, port) };
  const control = await startLedgedControl(places, ledger, environment);
  const api = new ControlApi(control.url);
  await api.put(pipelineName, await readFile(places.spec, 'utf8'), 'glue');
  await api.start(pipelineName);
  return { clients, stack, snapshots, api };
}

function startEmulator(places: AwsDemoPlaces) {
  const log = join(places.logs, 'emulator.log');
  return startAwsEmulator({ folder: places.emulator, runtimeFile: places.runtimeFile, log });
}

interface Filling {
  readonly clients: AwsClients;
  readonly live: boolean;
  readonly tell: Tell;
}

/** The stand-in of the API is needed only while the collector is invoked. */
async function fillBucket(places: AwsDemoPlaces, { clients, live, tell }: Filling) {
  const markets = live ? undefined : await startMarketsServer();
  try {
    tell('deploying the stack: bucket, collector, schedule, Glue job, roles and alarms');
    const stack = await deployStack(places, clients, markets?.url ?? LIVE_ROOT);
    tell(`invoking the collector, which asks ${live ? LIVE_ROOT : 'a stand-in of the API'}`);
    const snapshots = await collectSnapshots(clients, stack);
    tell(describeCollected(snapshots.length, markets));
    return { stack, snapshots };
  } finally {
    await markets?.close();
  }
}

function describeCollected(snapshots: number, markets: MarketsServer | undefined): string {
  const calls = markets === undefined ? '' : `, for ${markets.charged()} calls of the API`;
  return `  ${snapshots} snapshots of 4 deliveries of 3 events${calls}`;
}

function controlEnvironment(places: AwsDemoPlaces, stack: DeployedStack, port: number) {
  return {
    SLUICE_PORT: String(port),
    SLUICE_STATE: places.state,
    SLUICE_WORK_FOLDER: places.folder,
    SLUICE_GLUE_FOLDER: stack.folder,
    SLUICE_GLUE_ROLE: stack.roleArn,
  };
}
