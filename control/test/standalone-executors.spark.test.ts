import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../infra/src/kafka-broker.ts';
import { type SparkCluster, startSparkCluster } from '../../infra/src/spark-cluster.ts';
import type { DriverRequest } from '../src/executors/executor.ts';
import { readRuntime } from '../src/executors/runtime.ts';
import { standaloneCommand, standaloneEnvironment } from '../src/executors/standalone-arguments.ts';
import { usualTargets } from '../src/spec/target-settings.ts';
import { projectRoot } from './architecture/project-files.ts';

const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const runtime = readRuntime(runtimeFile);
const events = 500;

/** Reads a topic on the executors and says what it found; needs the connector there. */
const job = `import os
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("executors").getOrCreate()
servers = os.environ["KAFKA_SERVERS"]
events = spark.read.format("kafka").option("kafka.bootstrap.servers", servers).option("subscribe", "events").load()
print(f"found {events.count()} events", flush=True)
spark.stop()
`;

/** Java says which archives it maps, and why not. */
const sayArchives = '-Xlog:cds=info,class+path=info';

describe('executors on a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-executors-'));
  let broker: KafkaBroker;
  let cluster: SparkCluster;

  beforeAll(async () => {
    const { kafka } = JSON.parse(readFileSync(runtimeFile, 'utf8'));
    broker = await startKafkaBroker({ folder: join(folder, 'kafka'), jars: kafka.jars });
    const produce = ['producers/src/produce.ts', 'device-events', '--topic', 'events'];
    const where = ['--to', 'kafka', '--servers', broker.servers];
    const what = ['--count', String(events), '--rate', 'max'];
    execFileSync(process.execPath, [...produce, ...where, ...what], {
      ...{ cwd: projectRoot, stdio: 'ignore' },
    });
    cluster = await startSparkCluster({ folder: join(folder, 'cluster'), runtimeFile, workers: 1 });
  });
  afterAll(async () => {
    await cluster?.stop();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('take their classes from the class-data archive where they find the files of set-up', async () => {
    const { log, executor } = await submit('same-files', (words) => words);
    expect(log).toContain(`found ${events} events`);
    expect(executor).toMatch(/Mapped dynamic .*region #0/);
    expect(executor).not.toMatch(/shared class paths mismatch|Unable to use/i);
  });

  it('do the same work on a machine that has none of those files', async () => {
    const { log, executor } = await submit('other-files', hideFromWorkers);
    expect(log).toContain(`found ${events} events`);
    expect(executor).not.toMatch(/Mapped dynamic/);
  });

  async function submit(runId: string, change: (words: readonly string[]) => readonly string[]) {
    const request = makeRequest(runId);
    const place = { master: cluster.master, masterUi: cluster.masterUi };
    const cores = { 'executor-cores': 1, 'max-cores': 1 };
    const memory = { 'executor-memory-mb': 512, 'driver-memory-mb': 512 };
    const run = { place, wish: { ...cores, ...memory }, aws: { region: 'us-east-1' } };
    const words = change(standaloneCommand(request, runtime, run)).map(withArchivesSaid);
    const log = join(request.runFolder, 'driver.log');
    const output = openSync(log, 'w');
    const driver = spawn(words[0] ?? '', words.slice(1), {
      ...{ cwd: request.workFolder, stdio: ['ignore', output, output] },
      env: standaloneEnvironment(request, runtime, {
        place,
        own: { PATH: process.env.PATH ?? '' },
      }),
    });
    await once(driver, 'exit');
    const text = readFileSync(log, 'utf8');
    return { log: text, executor: readExecutorLog(text) };
  }

  function makeRequest(runId: string): DriverRequest {
    const runFolder = join(folder, runId);
    const controlFolder = join(runFolder, 'control');
    mkdirSync(controlFolder, { recursive: true });
    const jobFile = join(runFolder, 'job.py');
    writeFileSync(jobFile, job);
    return {
      ...{ runId, pipeline: 'executors', target: 'standalone', objectStorage: false },
      ...{ targets: usualTargets },
      ...{ jobFile, controlFolder, runFolder, generation: 1, workFolder: runFolder },
      environment: { KAFKA_SERVERS: broker.servers },
    };
  }

  /** What the executors of a driver wrote; its log names the application. */
  function readExecutorLog(log: string): string {
    const application = /app ID (app-[\w-]+)/.exec(log)?.[1] ?? 'none';
    const work = join(folder, 'cluster/work', application);
    const logs = readdirSync(work).flatMap((number) =>
      ['stdout', 'stderr'].map((name) => readFileSync(join(work, number, name), 'utf8')),
    );
    return logs.join('\n');
  }
});

/** As seen by executors on another machine: nothing is where the driver's machine has it. */
function hideFromWorkers(words: readonly string[]): readonly string[] {
  return words.map((word) =>
    word.startsWith('spark.executor.') ? word.replaceAll(/\/[^\s":]+/g, '/absent$&') : word,
  );
}

function withArchivesSaid(word: string): string {
  return word.startsWith('spark.executor.extraJavaOptions=') ? `${word} ${sayArchives}` : word;
}
