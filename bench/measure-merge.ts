import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchPython } from './bench-python.ts';
import { type BenchStage, newFolder } from './bench-stage.ts';
import { measureMergeDelay } from './measure-merge-delay.ts';
import { makePartFiles } from './part-files.ts';
import { round, type Spread, spreadOf } from './spread.ts';

export interface MergeSize {
  readonly pairs: number;
  /** Parts and bytes of each, for the copy by `cat`. */
  readonly copy: readonly [number, number];
  /** The same for the tools that parse. */
  readonly parse: readonly [number, number];
  readonly tinyParts: number;
  readonly bigPartBytes: number;
  readonly batches: number;
}

export interface MergeMeasures {
  readonly megabytes: number;
  /** Megabytes a second, and the ratio pair by pair. */
  readonly sluice: Spread;
  readonly cat: Spread;
  readonly ratioToCat: Spread;
  readonly parsedMegabytes: number;
  /** Megabytes a second of each tool, and how many times faster Sluice was on the same files. */
  readonly tools: Readonly<Record<Tool | 'sluice', number>>;
  readonly timesFaster: Readonly<Record<Tool, number>>;
  readonly tinyPartsPerSecond: number;
  readonly tinyParts: InProcess;
  readonly bigPart: InProcess;
  /** Milliseconds from a batch in the log to its rows in the merged file. */
  readonly delay: Spread;
}

const tools = ['pandas', 'duckdb', 'polars', 'spark'] as const;
type Tool = (typeof tools)[number];

/** What a merge in a process of its own took. */
export interface InProcess {
  readonly seconds: number;
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
  readonly peakMegabytes: number;
  readonly aboveStartMegabytes: number;
}

/** The merge beside what else puts files together: the same files, in turn, in one run. */
export async function measureMerge(stage: BenchStage, size: MergeSize): Promise<MergeMeasures> {
  const copied = compareWithCat(stage, size);
  const parsed = compareWithTools(stage, size);
  const folder = newFolder(stage, 'tiny');
  makePartFiles(join(folder, 'parts'), size.tinyParts, 1950);
  const tinyParts = merge(join(folder, 'parts'), join(folder, 'rows.csv'));
  rmSync(folder, { recursive: true });
  return {
    ...copied,
    ...parsed,
    tinyPartsPerSecond: round(tinyParts.parts / tinyParts.seconds),
    tinyParts,
    bigPart: merge('virtual', String(size.bigPartBytes)),
    delay: await measureMergeDelay(newFolder(stage, 'delay'), size.batches),
  };
}

function compareWithCat(stage: BenchStage, { pairs, copy }: MergeSize) {
  const folder = newFolder(stage, 'copy');
  const parts = join(folder, 'parts');
  const megabytes = makePartFiles(parts, ...copy) / 1e6;
  const seconds = { sluice: [] as number[], cat: [] as number[] };
  for (let pair = 0; pair < pairs; pair += 1) {
    const target = join(folder, `rows-${pair}.csv`);
    seconds.cat.push(timeShell(`cat ${parts}/part-*.csv > ${target} && sync ${target}`));
    rmSync(target);
    seconds.sluice.push(merge(parts, target).seconds);
    rmSync(target);
  }
  rmSync(folder, { recursive: true });
  return {
    megabytes: round(megabytes),
    sluice: spreadOf(seconds.sluice.map((each) => megabytes / each)),
    cat: spreadOf(seconds.cat.map((each) => megabytes / each)),
    ratioToCat: spreadOf(seconds.sluice.map((each, pair) => (seconds.cat[pair] ?? 0) / each)),
  };
}

function compareWithTools(stage: BenchStage, { parse }: MergeSize) {
  const folder = newFolder(stage, 'parse');
  const parts = join(folder, 'parts');
  const megabytes = makePartFiles(parts, ...parse) / 1e6;
  const sluice = merge(parts, join(folder, 'sluice.csv')).seconds;
  const seconds = tools.map((tool) => [tool, timeTool(stage, tool, folder)] as const);
  rmSync(folder, { recursive: true });
  const speeds = seconds.map(([tool, each]) => [tool, round(megabytes / each)] as const);
  return {
    parsedMegabytes: round(megabytes),
    tools: Object.fromEntries([['sluice', round(megabytes / sluice)], ...speeds]),
    timesFaster: Object.fromEntries(seconds.map(([tool, each]) => [tool, round(each / sluice)])),
  } as Pick<MergeMeasures, 'parsedMegabytes' | 'tools' | 'timesFaster'>;
}

function merge(source: string, target: string): InProcess {
  const program = join(import.meta.dirname, 'merge-in-process.ts');
  return JSON.parse(
    execFileSync(process.execPath, [program, source, target], { encoding: 'utf8' }),
  );
}

function timeTool({ runtime }: BenchStage, tool: Tool, folder: string): number {
  const program = join(import.meta.dirname, 'baselines/merge_by_tool.py');
  const words = [program, tool, join(folder, 'parts'), join(folder, `${tool}.csv`)];
  const { spark, python } = runtime;
  const submit = [spark.submit, '--master', 'local[2]', '--driver-memory', '1g'];
  const [file = '', ...before] = tool === 'spark' ? submit : [benchPython(python)];
  const env = { ...process.env, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' };
  const output = execFileSync(file, [...before, ...words], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(output.trim());
}

function timeShell(command: string): number {
  const began = performance.now();
  execFileSync('sh', ['-c', command]);
  return (performance.now() - began) / 1000;
}
