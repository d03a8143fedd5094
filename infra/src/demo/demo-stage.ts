import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../setup/process-identity.mjs';
import { type KafkaBroker, startKafkaBroker } from '../kafka-broker.ts';
import type { SparkCluster } from '../spark-cluster.ts';
import { ControlApi } from './control-api.ts';
import { clusterEnvironment, startDemoCluster } from './demo-cluster.ts';
import { DemoError } from './demo-errors.ts';
import type { DemoOptions } from './demo-options.ts';
import type { DemoPlaces } from './demo-places.ts';
import { openGuardedLedger, startLedgedControl } from './guarded-ledger.ts';
import { isDemoAlive, readLedger } from './process-ledger.ts';
import type { StartedControl } from './start-control.ts';
import { type StartedProducer, startProducer } from './start-producer.ts';
import { stopStarted, type Tell } from './stop-started.ts';

export const pipelineName = 'device-events';
const GUARDIAN_MS = 120_000;
const MARK = 'demo.txt';

/** Everything that runs while the demo does. */
export interface DemoStage {
  readonly broker: KafkaBroker;
  /** Absent when the driver has its executors in itself. */
  readonly cluster?: SparkCluster;
  readonly control: StartedControl;
  readonly api: ControlApi;
  readonly producer: StartedProducer;
}

export interface DemoPorts {
  readonly api: number;
  readonly kafka: number;
}

/** Stops what an earlier demo left running. Throws DEMO_RUNNING when that demo itself is alive. */
export async function stopLeftovers(places: DemoPlaces, tell: Tell): Promise<void> {
  const ledger = readLedger(places.ledger);
  if (ledger && isDemoAlive(ledger)) {
    throw new DemoError('DEMO_RUNNING', { pid: ledger.demo.pid, folder: places.folder });
  }
  if (ledger?.guardian) await waitForGuardian(ledger.guardian, tell);
  await stopStarted(places, (what) => tell(`stopping what the last demo left: ${what}`));
}

async function waitForGuardian(guardian: Parameters<typeof isAlive>[0], tell: Tell): Promise<void> {
  const deadline = performance.now() + GUARDIAN_MS;
  if (isAlive(guardian)) tell('waiting until the last demo has been cleared away');
  while (isAlive(guardian) && performance.now() < deadline) {
    await sleep(100);
  }
}

/**
 * Removes the files of an earlier demo, and marks the folder as the demo's. Throws DEMO_FOLDER_FOREIGN when it is
 * somebody else's.
 */
export async function claimFolder(places: DemoPlaces): Promise<void> {
  await mkdir(places.folder, { recursive: true });
  const names = await readdir(places.folder);
  if (names.length > 0 && !names.includes(MARK)) {
    throw new DemoError('DEMO_FOLDER_FOREIGN', { folder: places.folder });
  }
  // The mark goes last, so that an interrupted clearing is still known as the demo's.
  for (const name of names.filter((candidate) => candidate !== MARK)) {
    await rm(join(places.folder, name), { recursive: true, force: true });
  }
  await writeFile(join(places.folder, MARK), 'The demo empties this folder when it starts.\n');
}

/** Starts guardian, broker, perhaps a Spark cluster, control service, pipeline and producer; each is on disk before the next starts. */
export async function setStage(
  places: DemoPlaces,
  ports: DemoPorts,
  options: DemoOptions,
): Promise<DemoStage> {
  const ledger = await openGuardedLedger(places);
  const broker = await startBroker(places, ports);
  await ledger.add('kafka', broker.pid);
  const producer = startProducer(places, broker.servers, options);
  if (producer.process.pid !== undefined) await ledger.add('producer', producer.process.pid);
  const cluster =
    options.target === 'standalone' ? await startDemoCluster(places, ledger) : undefined;
  const environment = {
    ...controlEnvironment(places, ports, broker.servers),
    ...(cluster ? clusterEnvironment(cluster) : {}),
  };
  const control = await startLedgedControl(places, ledger, environment);
  const api = new ControlApi(control.url);
  await api.put(pipelineName, await readSpec(places), options.target);
  await api.start(pipelineName);
  return { broker, ...(cluster ? { cluster } : {}), control, api, producer };
}

async function startBroker(places: DemoPlaces, ports: DemoPorts): Promise<KafkaBroker> {
  const runtime = JSON.parse(await readFile(join(places.root, '.sluice/runtime.json'), 'utf8'));
  return startKafkaBroker({
    folder: places.kafka,
    jars: runtime.kafka.jars,
    java: runtime.java.command,
    port: ports.kafka,
    ownGroup: true,
  });
}

function controlEnvironment(places: DemoPlaces, ports: DemoPorts, servers: string) {
  return {
    SLUICE_PORT: String(ports.api),
    SLUICE_STATE: places.state,
    SLUICE_WORK_FOLDER: places.folder,
    SLUICE_STOP_DEADLINE_SECONDS: '30',
    KAFKA_SERVERS: servers,
  };
}

/** The committed spec with two lines of its own: files in the demo's folder, a batch each second. */
async function readSpec(places: DemoPlaces): Promise<string> {
  const text = await readFile(join(places.root, 'spark-jobs/specs/device-events.yaml'), 'utf8');
  return text
    .replaceAll('data/device-events', 'device-events')
    .replace(/^trigger:.*$/m, 'trigger: 1 second');
}
