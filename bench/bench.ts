import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchStage, closeBenchStage, openBenchStage, root } from './bench-stage.ts';
import { fillTopic } from './fill-topic.ts';
import { measureClusterLaunch } from './measure-cluster-launch.ts';
import { measureDrain } from './measure-drain.ts';
import { measureFiles } from './measure-files.ts';
import { measureLatency } from './measure-latency.ts';
import { measureLaunch } from './measure-launch.ts';
import { type MergeSize, measureMerge } from './measure-merge.ts';
import { measureScraper } from './measure-scraper.ts';
import { type Measured, printBenchmarks } from './print-benchmarks.ts';
import { measureProducer } from './producer-throughput.ts';

/** How often each thing is measured, and how much of it. */
const full = {
  pairs: 5,
  backlog: 500_000,
  files: 2000,
  latencyEvents: 6000,
  latencyRate: 200,
  runs: 5,
  events: 400_000,
  merge: {
    pairs: 5,
    copy: [64, 32e6],
    parse: [8, 32e6],
    tinyParts: 50_000,
    bigPartBytes: 20e9,
    batches: 200,
  } as MergeSize,
};
const quick = {
  pairs: 1,
  backlog: 20_000,
  files: 50,
  latencyEvents: 400,
  latencyRate: 200,
  runs: 1,
  events: 20_000,
  merge: {
    pairs: 1,
    copy: [8, 8e6],
    parse: [4, 2e6],
    tinyParts: 2000,
    bigPartBytes: 1e9,
    batches: 20,
  } as MergeSize,
};
export type BenchSize = typeof full;

const measures = {
  launch: async (stage: BenchStage, { pairs }: BenchSize) => {
    await fillTopic(stage, 'bench-launch', 2000);
    return measureLaunch(stage, 'bench-launch', pairs);
  },
  cluster: async (stage: BenchStage, { pairs }: BenchSize) => {
    await fillTopic(stage, 'bench-launch', 2000);
    return measureClusterLaunch(stage, 'bench-launch', pairs);
  },
  drain: async (stage: BenchStage, { pairs, backlog }: BenchSize) => {
    await fillTopic(stage, 'bench-drain', backlog);
    return measureDrain(stage, { topic: 'bench-drain', events: backlog }, pairs);
  },
  files: (stage: BenchStage, { pairs, files }: BenchSize) => measureFiles(stage, { pairs, files }),
  producer: (stage: BenchStage, { runs, events }: BenchSize) =>
    measureProducer(stage, { runs, events }),
  merge: (stage: BenchStage, { merge }: BenchSize) => measureMerge(stage, merge),
  scraper: (stage: BenchStage, { runs }: BenchSize) => measureScraper(stage, runs * 4),
  latency: (_stage: BenchStage, { latencyEvents, latencyRate }: BenchSize) =>
    measureLatency(latencyEvents, latencyRate),
};
type MeasureName = keyof typeof measures;

const { values: options, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = (Object.keys(measures) as MeasureName[]).filter(
  (name) => positionals.length === 0 || positionals.includes(name),
);
const size = options.quick ? quick : full;
const taken: Record<string, Measured<unknown>> = {};
for (const name of names) {
  console.error(`measuring ${name}`);
  const stage = await openBenchStage();
  try {
    const result = await measures[name](stage, size);
    taken[name] = { ...describePlace(), result };
  } finally {
    await closeBenchStage(stage);
  }
  if (!options.quick) keep(taken);
}
console.log(JSON.stringify(taken, null, 2));

/** Results are kept measure by measure, because all of them together take long. */
function keep(news: Readonly<Record<string, Measured<unknown>>>): void {
  const file = join(root, 'docs/benchmarks.json');
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const all = { ...known, ...news };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(join(root, 'docs/benchmarks.md'), printBenchmarks(all));
}

function describePlace() {
  const at = new Date().toISOString().slice(0, 10);
  return { at, commit: readCommit(), machine: describeMachine() };
}

function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory} GiB, Node ${process.versions.node}`;
}

function readCommit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
}
