import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DriverRequest } from '../control/src/executors/executor.ts';
import { standaloneSparkSubmit } from '../control/src/executors/standalone-spark-submit.ts';
import { usualTargets } from '../control/src/spec/target-settings.ts';
import { type SparkCluster, startSparkCluster } from '../infra/src/spark-cluster.ts';
import { writeBenchJob } from './bench-job.ts';
import {
  type BenchStage,
  endDriver,
  newFolder,
  root,
  startBareAt,
  timeToFirstCommit,
} from './bench-stage.ts';
import type { LaunchResult } from './measure-launch.ts';
import { spreadOf } from './spread.ts';

const checkpoint = 'data/device-events/generation-1/checkpoint';
const runtimeFile = join(root, '.sluice/runtime.json');
/** Of each driver, and of each of the two executors. */
const driverMb = 1024;
const executorMb = 512;

/**
 * The same job over the same topic, submitted in turn by Sluice and by a bare spark-submit to one cluster of a master
 * and two workers of one core. Workers and master are there before.
 */
export async function measureClusterLaunch(
  stage: BenchStage,
  topic: string,
  pairs: number,
): Promise<LaunchResult> {
  const cluster = await startSparkCluster({ folder: join(stage.folder, 'cluster'), runtimeFile });
  const sluice: number[] = [];
  const bare: number[] = [];
  try {
    for (let pair = 0; pair < pairs; pair += 1) {
      bare.push(await submitAlone(stage, topic, cluster));
      sluice.push(await submitBySluice(stage, topic, cluster));
    }
  } finally {
    await cluster.stop();
  }
  const ratio = sluice.map((seconds, pair) => seconds / (bare[pair] ?? Number.NaN));
  return { sluice: spreadOf(sluice), bare: spreadOf(bare), ratio: spreadOf(ratio) };
}

/** Seconds from the launch of a spark-submit, as somebody would write it by hand, to the first committed batch. */
async function submitAlone(
  stage: BenchStage,
  topic: string,
  cluster: SparkCluster,
): Promise<number> {
  const folder = newFolder(stage, 'cluster-bare');
  const place = [
    ...['--master', cluster.master, '--total-executor-cores', '2', '--executor-cores', '1'],
    ...['--driver-memory', `${driverMb}m`, '--executor-memory', `${executorMb}m`],
  ];
  const job = [writeBenchJob(folder, { topic })];
  const driver = startBareAt(place, { stage, job, folder });
  try {
    return (await timeToFirstCommit(driver, join(folder, checkpoint))) / 1000;
  } finally {
    await endDriver(driver);
    await waitUntilIdle(cluster);
  }
}

/** Seconds from the call of the executor's submit to the first committed batch. */
async function submitBySluice(
  stage: BenchStage,
  topic: string,
  cluster: SparkCluster,
): Promise<number> {
  const folder = newFolder(stage, 'cluster-sluice');
  const request = makeRequest(stage, writeBenchJob(folder, { topic }), folder);
  const executor = standaloneSparkSubmit({
    runtime: () => stage.runtime,
    place: { master: cluster.master, masterUi: cluster.masterUi },
    aws: { region: 'us-east-1' },
    environment: process.env as Record<string, string>,
  });
  const launchedAt = performance.now();
  const handle = await executor.submit(request);
  try {
    const driver = { launchedAt, log: join(request.runFolder, 'driver.log') };
    return (await timeToFirstCommit(driver, join(folder, checkpoint))) / 1000;
  } finally {
    await executor.kill(handle, 'force');
    await waitUntilIdle(cluster);
  }
}

function makeRequest({ broker }: BenchStage, jobFile: string, folder: string): DriverRequest {
  const controlFolder = join(folder, 'control');
  mkdirSync(controlFolder);
  return {
    ...{ runId: `run-bench-${crypto.randomUUID()}`, pipeline: 'bench', target: 'standalone' },
    ...{ objectStorage: false, jobFile, controlFolder, runFolder: join(folder, 'run') },
    ...{ generation: 1, workFolder: folder, environment: { KAFKA_SERVERS: broker.servers } },
    targets: {
      standalone: {
        ...{ 'executor-cores': 1, 'executor-memory-mb': executorMb },
        ...{ 'max-cores': 2, 'driver-memory-mb': driverMb },
      },
      glue: usualTargets.glue,
    },
  };
}

/** Executors of a driver that was killed go a moment after it. */
async function waitUntilIdle({ masterUi }: SparkCluster): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const reply = await fetch(`${masterUi}/json/`);
    const { coresused, activeapps } = (await reply.json()) as Idle;
    if (coresused === 0 && activeapps.length === 0) return;
    await sleep(50);
  }
  throw new Error('The cluster did not get rid of a killed driver within 60 s.');
}

interface Idle {
  readonly coresused: number;
  readonly activeapps: readonly unknown[];
}
