import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBenchJob } from './bench-job.ts';
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
import { type Spread, spreadOf } from './spread.ts';

export interface DrainResult {
  readonly events: number;
  /** Rows per second from the start of the query to its last commit. */
  readonly sluice: Spread;
  readonly notebook: Spread;
  /** Rows per second of Sluice's job in rows per second of the notebook's, pair by pair. */
  readonly ratio: Spread;
  /** The same for whole processes, launch and end included. */
  readonly wholeProcessRatio: Spread;
}

interface Drained {
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly rowsPerProcessSecond: number;
}

/** Drains one backlog by the generated job and by the notebook's job, in turn. */
export async function measureDrain(
  stage: BenchStage,
  backlog: { readonly topic: string; readonly events: number },
  pairs: number,
): Promise<DrainResult> {
  const sluice: Drained[] = [];
  const notebook: Drained[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    notebook.push(await drainByNotebook(stage, backlog));
    sluice.push(await drainBySluice(stage, backlog));
  }
  if (new Set([...sluice, ...notebook].map(({ rows }) => rows)).size !== 1) {
    throw new Error(`not the same rows: ${JSON.stringify({ sluice, notebook })}`);
  }
  const pairUp = (pick: (drained: Drained) => number) =>
    spreadOf(sluice.map((ours, pair) => pick(ours) / pick(notebook[pair] as Drained)));
  return {
    events: backlog.events,
    sluice: spreadOf(sluice.map((drained) => drained.rowsPerSecond)),
    notebook: spreadOf(notebook.map((drained) => drained.rowsPerSecond)),
    ratio: pairUp((drained) => drained.rowsPerSecond),
    wholeProcessRatio: pairUp((drained) => drained.rowsPerProcessSecond),
  };
}

async function drainByNotebook(stage: BenchStage, { topic }: { topic: string }): Promise<Drained> {
  const folder = newFolder(stage, 'notebook');
  const job = [join(root, 'bench/baselines/notebook_job.py'), stage.broker.servers, topic, folder];
  return timeDrain(startBare(stage, job, folder), folder);
}

async function drainBySluice(
  stage: BenchStage,
  { topic, events }: { topic: string; events: number },
): Promise<Drained> {
  const folder = newFolder(stage, 'sluice');
  const job = writeBenchJob(folder, { topic, eventsPerBatch: events });
  const generation = join(folder, 'data/device-events/generation-1');
  return timeDrain(startAsSluice(stage, [job, '--available-now'], folder), generation);
}

async function timeDrain(driver: BenchDriver, generation: string): Promise<Drained> {
  await waitForEnd(driver);
  const seconds = (performance.now() - driver.launchedAt) / 1000;
  const rows = countRows(join(generation, 'parts'));
  return {
    rows,
    rowsPerSecond: rows / querySeconds(join(generation, 'checkpoint')),
    rowsPerProcessSecond: rows / seconds,
  };
}

/** Lines of all parts; the bench's events hold no line breaks. */
function countRows(parts: string): number {
  const names = readdirSync(parts, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /part-[^/]*\.(csv|txt)$/.test(name))
    .map((name) => readFileSync(join(parts, name)))
    .reduce((sum, bytes) => sum + bytes.toString('latin1').split('\n').length - 1, 0);
}
