import type { DrainResult } from './measure-drain.ts';
import type { FilesResult } from './measure-files.ts';
import type { LatencyResult } from './measure-latency.ts';
import type { LaunchResult } from './measure-launch.ts';
import type { MergeMeasures } from './measure-merge.ts';
import type { ScraperResult } from './measure-scraper.ts';
import { printMerge } from './print-merge.ts';
import type { ProducerThroughput } from './producer-throughput.ts';
import type { Spread } from './spread.ts';

/** One measure's result, and when, of what and where it was taken. */
export interface Measured<Result> {
  /** Day, as 2026-11-24. */
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  readonly result: Result;
}

/** The newest result of each measure; one that was never taken is absent. */
export interface Measurements {
  readonly launch?: Measured<LaunchResult>;
  readonly cluster?: Measured<LaunchResult>;
  readonly drain?: Measured<DrainResult>;
  readonly files?: Measured<FilesResult>;
  readonly producer?: Measured<ProducerThroughput>;
  readonly scraper?: Measured<ScraperResult>;
  readonly latency?: Measured<LatencyResult>;
  readonly merge?: Measured<MergeMeasures>;
}

/** The page docs/benchmarks.md. */
export function printBenchmarks(measurements: Measurements): string {
  const { merge } = measurements;
  const machines = new Set(Object.values(measurements).map(({ machine }) => machine));
  return `# Benchmarks

Written by \`npm run bench\`, which takes all measures or those it is given the names of. Machine: ${[...machines].join('; ')}.
Broker, Spark, producer and service share the cores. Each figure is a median; least and most stand behind it. Ratios are taken
pair by pair: both sides run in turn, so that a busy spell of the machine meets both.

| what | Sluice | what it replaces | ratio | measured |
| --- | --- | --- | --- | --- |
${[...startRows(measurements), ...drainRows(measurements), ...producerRows(measurements)].join('\n')}

${[...latencyText(measurements), ...scraperText(measurements), whatIsCompared].join('\n\n')}
${merge ? `\n${printMerge(merge.result)}\nMeasured ${sourceOf(merge)}.\n` : ''}`;
}

function startRows({ launch, cluster }: Measurements): readonly string[] {
  const row = (what: string, taken: Measured<LaunchResult>) => {
    const { sluice, bare, ratio } = taken.result;
    return `| ${what} | ${show(sluice)} s | ${show(bare)} s | ${show(ratio)} | ${sourceOf(taken)} |`;
  };
  return [
    ...(launch ? [row('launch to the first committed batch', launch)] : []),
    ...(cluster ? [row('the same on a Spark cluster', cluster)] : []),
  ];
}

function drainRows({ drain, files }: Measurements): readonly string[] {
  const whole = 'the same, launch and end of the process included';
  const rows: string[] = [];
  if (drain) {
    const { events, sluice, notebook, ratio, wholeProcessRatio } = drain.result;
    const what = `draining ${count(events)} events, rows per second`;
    rows.push(
      `| ${what} | ${show(sluice)} | ${show(notebook)} | ${show(ratio)} | ${sourceOf(drain)} |`,
    );
    rows.push(`| ${whole} | | | ${show(wholeProcessRatio)} | |`);
  }
  if (files) {
    const { sluice, byHand, ratio, wholeProcessRatio } = files.result;
    const what = `draining ${count(files.result.files)} files of 100 coins, rows per second`;
    rows.push(
      `| ${what} | ${show(sluice)} | ${show(byHand)} | ${show(ratio)} | ${sourceOf(files)} |`,
    );
    rows.push(`| ${whole} | | | ${show(wholeProcessRatio)} | |`);
  }
  return rows;
}

function producerRows({ producer }: Measurements): readonly string[] {
  if (!producer) return [];
  const { ours, originalWay, kafkaTool, platformatic, kafkajs, ratios } = producer.result;
  const made = 'the same with events made before, `--client';
  return [
    `| producer, events per second acknowledged by all replicas | ${show(ours)} | ${show(originalWay)} | ${show(ratios.oursToOriginal)} | ${sourceOf(producer)} |`,
    `| the same, against Kafka's own ProducerPerformance | ${show(ours)} | ${show(kafkaTool)} | ${show(ratios.oursToTool)} | |`,
    `| ${made} platformatic\` | ${show(platformatic)} | ${show(kafkaTool)} | ${show(ratios.platformaticToTool)} | |`,
    `| ${made} kafkajs\` | ${show(kafkajs)} | ${show(kafkaTool)} | ${show(ratios.kafkajsToTool)} | |`,
  ];
}

function latencyText({ latency }: Measurements): readonly string[] {
  if (!latency) return [];
  const { perSecond, rows, medianMs, p95Ms, mostMs } = latency.result;
  return [
    `From the making of an event to its row in the merged file, at a trigger of one second and ${perSecond} events a
second (${count(rows)} rows): median ${medianMs} ms, 95th percentile ${p95Ms} ms, most ${mostMs} ms (${sourceOf(latency)}).`,
  ];
}

function scraperText({ scraper }: Measurements): readonly string[] {
  if (!scraper) return [];
  const { rows, turnMs, firstTurnMs } = scraper.result;
  return [
    `A page of ${count(rows)} rows, from asking for it until all rows are acknowledged by Kafka and remembered on the disk: ${show(turnMs)} ms,
${firstTurnMs} ms in a program that has just started (${sourceOf(scraper)}).`,
  ];
}

function sourceOf({ at, commit }: Measured<unknown>): string {
  return `${at} at ${commit}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

const whatIsCompared = `\
What is compared:

- Launch: the same generated job over the same topic, started by Sluice's command (jars on the class path, class-data
  archive, parallel collector, no UI) and by a bare \`spark-submit --jars … job.py\`. Below 1 is faster.
  On a cluster: a master and two workers of one core that are there before; both ways with the same cores and memory.
- Draining: the generated job, with dead letters and progress reports, against
  [the notebook's job](../bench/baselines/notebook_job.py), which has neither; each drains the whole backlog in one
  batch. Rows per second count from the start of the query to its last commit. Above 1 is faster.
- Draining files: the generated job of crypto-markets against [the same by hand](../bench/baselines/crypto_job.py), with
  Spark's JSON reader and CSV sink and neither dead letters nor reports. Above 1 is faster.
- Producer: one idempotent client that sends batches, against a new client for every event, and against
  \`org.apache.kafka.tools.ProducerPerformance\` of Kafka 4.3.1 with its defaults (idempotent, acks=all), warmed up, records
  of the same size. Ours have keys, the tool's have none. Above 1 is faster.`;

function show({ median, least, most }: Spread): string {
  return `${median} (${least} to ${most})`;
}
