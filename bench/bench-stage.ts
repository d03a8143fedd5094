import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Runtime, readRuntime } from '../control/src/executors/runtime.ts';
import {
  driverEnvironment,
  sparkSubmitCommand,
} from '../control/src/executors/spark-submit-arguments.ts';
import { usualTargets } from '../control/src/spec/target-settings.ts';
import { type KafkaBroker, startKafkaBroker } from '../infra/src/kafka-broker.ts';

export const root = resolve(import.meta.dirname, '..');
const settings = { memory: '1g', cores: 2, aws: { region: 'us-east-1' } };

/** What all measurements share: a broker, a folder, and how Spark is started. */
export interface BenchStage {
  readonly folder: string;
  readonly broker: KafkaBroker;
  readonly runtime: Runtime;
}

export async function openBenchStage(): Promise<BenchStage> {
  const runtimeFile = join(root, '.sluice/runtime.json');
  const { kafka } = JSON.parse(readFileSync(runtimeFile, 'utf8'));
  const runtime = readRuntime(runtimeFile);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const broker = await startKafkaBroker({
    folder: join(folder, 'kafka'),
    jars: kafka.jars,
    java: runtime.java.command,
  });
  return { folder, broker, runtime };
}

export async function closeBenchStage({ folder, broker }: BenchStage): Promise<void> {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** A new folder below the stage's. */
export function newFolder(stage: BenchStage, name: string): string {
  return mkdtempSync(join(stage.folder, `${name}-`));
}

/** A driver that runs, with the moment of its launch. Times are performance.now(), milliseconds. */
export interface BenchDriver {
  readonly launchedAt: number;
  readonly process: ChildProcess;
  readonly log: string;
}

/** Starts a job the way Sluice does: class path, class data, garbage collector. */
export function startAsSluice(
  stage: BenchStage,
  [job = '', ...words]: readonly string[],
  folder: string,
): BenchDriver {
  const control = join(folder, 'control');
  mkdirSync(control);
  const request = {
    runId: 'run-bench',
    pipeline: 'bench',
    target: 'local' as const,
    targets: usualTargets,
    objectStorage: false,
    jobFile: job,
    runFolder: folder,
    controlFolder: control,
    generation: 1,
    workFolder: folder,
    environment: { KAFKA_SERVERS: stage.broker.servers },
  };
  const command = [...sparkSubmitCommand(request, stage.runtime, settings), ...words];
  return startDriver(
    command,
    folder,
    driverEnvironment(request, stage.runtime, { ...process.env } as Record<string, string>),
  );
}

/** Starts a job the way its author would without Sluice: `spark-submit --jars … job.py`. */
export function startBare(stage: BenchStage, job: readonly string[], folder: string): BenchDriver {
  const place = ['--master', `local[${settings.cores}]`, '--driver-memory', settings.memory];
  return startBareAt(place, { stage, job, folder });
}

export interface BareStart {
  readonly stage: BenchStage;
  /** The job's file and arguments. */
  readonly job: readonly string[];
  readonly folder: string;
}

/** The same at a place that words of spark-submit name. */
export function startBareAt(
  place: readonly string[],
  { stage, job, folder }: BareStart,
): BenchDriver {
  const { spark, python } = stage.runtime;
  const command = [spark.submit, ...place, '--jars', spark.jars.join(','), ...job];
  return startDriver(command, folder, {
    ...process.env,
    PATH: [dirname(python), process.env.PATH].join(delimiter),
    PYSPARK_PYTHON: python,
    SPARK_LOCAL_IP: '127.0.0.1',
    KAFKA_SERVERS: stage.broker.servers,
  });
}

function startDriver(
  [file = '', ...words]: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): BenchDriver {
  const log = join(folder, 'driver.log');
  const output = openSync(log, 'a');
  const launchedAt = performance.now();
  // A group of its own: spark-submit's Python is a child of its Java, and both must be ended.
  const child = spawn(file, words, {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  return { launchedAt, process: child, log };
}

/** Ends a driver that would run on. */
export async function endDriver({ process: child }: BenchDriver): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-(child.pid as number), 'SIGKILL');
  await once(child, 'exit');
}

/** Resolves when the driver has ended; throws with the end of its log when it failed. */
export async function waitForEnd({ process: child, log }: BenchDriver): Promise<void> {
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(readFileSync(log, 'utf8').slice(-3000));
}

/** Milliseconds from launch to the first committed batch of a checkpoint. */
export async function timeToFirstCommit(
  driver: Omit<BenchDriver, 'process'> & Partial<BenchDriver>,
  checkpoint: string,
): Promise<number> {
  const deadline = performance.now() + 120_000;
  while (!hasFile(join(checkpoint, 'commits/0'))) {
    if (performance.now() > deadline || (driver.process?.exitCode ?? null) !== null) {
      throw new Error(readFileSync(driver.log, 'utf8').slice(-3000));
    }
    await sleep(5);
  }
  return performance.now() - driver.launchedAt;
}

/** Seconds from the start of a query (its checkpoint's metadata) to its last commit, by the files' times. */
export function querySeconds(checkpoint: string): number {
  const commits = readdirSync(join(checkpoint, 'commits')).filter((name) => /^\d+$/.test(name));
  const ends = commits.map((name) => statSync(join(checkpoint, 'commits', name)).mtimeMs);
  return (Math.max(...ends) - statSync(join(checkpoint, 'metadata')).mtimeMs) / 1000;
}

function hasFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
