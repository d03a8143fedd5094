import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BenchStage, root } from './bench-stage.ts';

const run = promisify(execFile);
const folder = join(root, '.sluice/bench/kafka-tools');

export interface PerformanceTest {
  readonly topic: string;
  readonly records: number;
  /** Bytes of a record. */
  readonly size: number;
  /** Records before those that count, which warm up the compiler. */
  readonly warmUp: number;
}

/** Records a second of Kafka's own org.apache.kafka.tools.ProducerPerformance with its defaults and acks=all. */
export async function runProducerPerformance(
  { broker, runtime }: BenchStage,
  { topic, records, size, warmUp }: PerformanceTest,
): Promise<number> {
  const { stdout } = await run(runtime.java.command, [
    ...['-Xmx1g', '-cp', join(folder, '*'), 'org.apache.kafka.tools.ProducerPerformance'],
    ...['--topic', topic, '--num-records', String(records + warmUp), '--record-size', String(size)],
    ...['--throughput', '-1', '--warmup-records', String(warmUp)],
    ...['--bootstrap-server', broker.servers, '--command-property', 'acks=all'],
  ]);
  // Its last line tells of all records but those of the warm-up.
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const perSecond = Number(/ ([\d.]+) records\/sec/.exec(last)?.[1]);
  if (!(perSecond > 0)) throw new Error(stdout.slice(-2000));
  return perSecond;
}

/** Fetches Kafka's tools by the Ivy inside pyspark, once. */
export async function bringKafkaTools({ runtime }: BenchStage): Promise<void> {
  if (existsSync(folder)) return;
  const jars = join(runtime.spark.home, 'jars');
  const ivy = readdirSync(jars).find((name) => /^ivy-.*\.jar$/.test(name)) ?? '';
  const temporary = `${folder}.part`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const settings = process.env.SLUICE_IVY_SETTINGS;
  await run(
    runtime.java.command,
    [
      ...['-jar', join(jars, ivy), ...(settings === undefined ? [] : ['-settings', settings])],
      ...['-ivy', join(root, 'infra/setup/ivy.xml'), '-cache', join(root, '.sluice/ivy')],
      ...['-confs', 'tools', '-types', 'jar', 'bundle'],
      ...['-retrieve', join(temporary, '[artifact]-[revision].[ext]')],
    ],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  renameSync(temporary, folder);
}
