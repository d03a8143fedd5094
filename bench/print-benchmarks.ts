import type { DrainResult } from './measure-drain.ts';
import type { FilesResult } from './measure-files.ts';
import type { LatencyResult } from './measure-latency.ts';
import type { LaunchResult } from './measure-launch.ts';
import type { MergeMeasures } from './measure-merge.ts';
import type { ScraperResult } from './measure-scraper.ts';
import { printMerge } from './print-merge.ts';
import type { ProducerThroughput } from './producer-throughput.ts';
import type { Spread } from './spread.ts';

export interface BenchReport {
  readonly machine: string;
  readonly commit: string;
  readonly results: Readonly<Record<string, unknown>>;
}

/** The page docs/benchmarks.md. */
export function printBenchmarks({ machine, commit, results }: BenchReport): string {
  const { launch, cluster, drain, files, producer, scraper, latency, merge } = results as {
    launch: LaunchResult;
    cluster: LaunchResult;
    drain: DrainResult;
    files: FilesResult;
    producer: ProducerThroughput;
    scraper: ScraperResult;
    latency: LatencyResult;
    merge: MergeMeasures;
  };
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)} at commit ${commit}: ${machine}. Broker, Spark,
producer and service share the two cores. Each figure is a median; least and most stand behind it. Ratios are taken
pair by pair: both sides run in turn, so that a busy spell of the machine meets both.

| what | Sluice | what it replaces | ratio |
| --- | --- | --- | --- |
| launch to the first committed batch | ${show(launch.sluice)} s | ${show(launch.bare)} s | ${show(launch.ratio)} |
| the same on a Spark cluster | ${show(cluster.sluice)} s | ${show(cluster.bare)} s | ${show(cluster.ratio)} |
| draining ${drain.events.toLocaleString('en-US')} events, rows per second | ${show(drain.sluice)} | ${show(drain.notebook)} | ${show(drain.ratio)} |
| the same, launch and end of the process included | | | ${show(drain.wholeProcessRatio)} |
| draining ${files.files.toLocaleString('en-US')} files of 100 coins, rows per second | ${show(files.sluice)} | ${show(files.byHand)} | ${show(files.ratio)} |
| the same, launch and end of the process included | | | ${show(files.wholeProcessRatio)} |
| producer, events per second acknowledged by all replicas | ${show(producer.ours)} | ${show(producer.originalWay)} | ${show(producer.ratios.oursToOriginal)} |
| the same, against Kafka's own ProducerPerformance | ${show(producer.ours)} | ${show(producer.kafkaTool)} | ${show(producer.ratios.oursToTool)} |
| the same with events made before, \`--client platformatic\` | ${show(producer.platformatic)} | ${show(producer.kafkaTool)} | ${show(producer.ratios.platformaticToTool)} |
| the same with events made before, \`--client kafkajs\` | ${show(producer.kafkajs)} | ${show(producer.kafkaTool)} | ${show(producer.ratios.kafkajsToTool)} |

From the making of an event to its row in the merged file, at a trigger of one second and ${latency.perSecond} events a
second (${latency.rows.toLocaleString('en-US')} rows): median ${latency.medianMs} ms, 95th percentile ${latency.p95Ms} ms, most ${latency.mostMs} ms.

A page of ${scraper.rows.toLocaleString('en-US')} rows, from asking for it until all rows are acknowledged by Kafka and remembered on the disk: ${show(scraper.turnMs)} ms,
${scraper.firstTurnMs} ms in a program that has just started.

${whatIsCompared}

${printMerge(merge)}`;
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
