import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateJob } from '../control/src/generate/generate-job.ts';
import { lintSpec } from '../control/src/lint/lint-spec.ts';
import {
  type BenchDriver,
  type BenchStage,
  newFolder,
  querySeconds,
  root,
  startAsSluice,
  startBare,
  waitForEnd,
} from './bench-stage.ts';
import { writeMarketFiles } from './market-files.ts';
import { type Spread, spreadOf } from './spread.ts';

const COINS = 100;

export interface FilesResult {
  readonly files: number;
  readonly rows: number;
  /** Rows per second from the start of the query to its last commit. */
  readonly sluice: Spread;
  readonly byHand: Spread;
  /** Rows per second of Sluice's job in rows per second of the one by hand, pair by pair. */
  readonly ratio: Spread;
  /** The same for whole processes, launch and end included. */
  readonly wholeProcessRatio: Spread;
}

interface Drained {
  readonly rows: number;
  readonly querySeconds: number;
  readonly processSeconds: number;
}

/** Drains one folder of snapshots by the generated job and by the same job written by hand, in turn. */
export async function measureFiles(
  stage: BenchStage,
  { pairs, files }: { readonly pairs: number; readonly files: number },
): Promise<FilesResult> {
  const input = join(stage.folder, 'finance');
  writeMarketFiles(input, { files, coins: COINS });
  const sluice: Drained[] = [];
  const byHand: Drained[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    byHand.push(await drainByHand(stage, input));
    sluice.push(await drainBySluice(stage, input));
  }
  const [{ rows } = { rows: 0 }] = sluice;
  if (rows === 0 || [...sluice, ...byHand].some((drained) => drained.rows !== rows)) {
    throw new Error(`not the same rows: ${JSON.stringify({ sluice, byHand })}`);
  }
  const ratioOf = (pick: (drained: Drained) => number): Spread =>
    spreadOf(byHand.map((theirs, pair) => pick(theirs) / pick(sluice[pair] as Drained)));
  return {
    files,
    rows,
    sluice: spreadOf(sluice.map((drained) => rows / drained.querySeconds)),
    byHand: spreadOf(byHand.map((drained) => rows / drained.querySeconds)),
    ratio: ratioOf((drained) => drained.querySeconds),
    wholeProcessRatio: ratioOf((drained) => drained.processSeconds),
  };
}

async function drainByHand(stage: BenchStage, input: string): Promise<Drained> {
  const folder = newFolder(stage, 'by-hand');
  const job = [join(root, 'bench/baselines/crypto_job.py'), input, folder];
  const drained = await timeDrain(startBare(stage, job, folder), folder);
  // Its files begin with a header each.
  return { ...drained, rows: drained.rows - countFiles(join(folder, 'parts')) };
}

async function drainBySluice(stage: BenchStage, input: string): Promise<Drained> {
  const folder = newFolder(stage, 'sluice');
  const job = writeFilesJob(folder, input);
  const generation = join(folder, 'output/crypto-markets/generation-1');
  return timeDrain(startAsSluice(stage, [job, '--available-now'], folder), generation);
}

/** The generated job of the sample spec over another folder. Returns its path. */
function writeFilesJob(folder: string, input: string): string {
  const sample = readFileSync(join(root, 'spark-jobs/specs/crypto-markets.yaml'), 'utf8');
  const text = sample.replace('path: finance', `path: ${JSON.stringify(input)}`);
  const { pipeline, findings } = lintSpec(text, {
    roots: [join(folder, '..')],
    workFolder: folder,
  });
  if (!pipeline) throw new Error(JSON.stringify(findings));
  const path = join(folder, 'job.py');
  writeFileSync(path, generateJob(pipeline).text);
  return path;
}

async function timeDrain(driver: BenchDriver, generation: string): Promise<Drained> {
  await waitForEnd(driver);
  const processSeconds = (performance.now() - driver.launchedAt) / 1000;
  const rows = countLines(join(generation, 'parts'));
  return { rows, querySeconds: querySeconds(join(generation, 'checkpoint')), processSeconds };
}

/** Lines of all parts; the bench's coins hold no line breaks. */
function countLines(parts: string): number {
  return listParts(parts)
    .map((name) => readFileSync(join(parts, name), 'latin1').split('\n').length - 1)
    .reduce((sum, lines) => sum + lines, 0);
}

function countFiles(parts: string): number {
  return listParts(parts).length;
}

function listParts(parts: string): readonly string[] {
  const names = readdirSync(parts, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /part-[^/]*\.(csv|txt)$/.test(name));
}
