import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { type LossModel, lossModels } from '../../test/fixtures/loss-models.ts';
import { PowerCut, SimulatedDisk } from '../../test/fixtures/simulated-disk.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { mergePending, rebuildMerge } from './merge-once.ts';
import { type MergeMeans, type MergeTuning, usualTuning } from './merge-parts.ts';
import { MergeSession } from './merge-session.ts';
import type { MergeOptions } from './merge-settings.ts';

const tuning: MergeTuning = { ...usualTuning, chunkBytes: 64, commitParts: 2 };
const into = '/merged/rows.csv';
const options: MergeOptions = { directory: '/out', into, header: 'present' };
const header = 'id,text\n';

interface Progress {
  /** Rows whose merge was reported as done. */
  acknowledged: number;
}

const rotating: MergeOptions = { ...options, rotate: { rows: 4 } };
const latest = '/merged/rows.latest.csv';

/** A program of merges and of batches that Spark commits meanwhile; the power may go at any of its changes. */
type Program = (disk: SimulatedDisk, spark: SparkOutput, progress: Progress) => Promise<void>;

function rowsOf(batch: number, part: number): string {
  const row = (n: number) => `${batch}-${part}-${n},"text ""${n}""\nwith a second line"\n`;
  return [0, 1, 2]
    .slice(0, (batch + part) % 4)
    .map(row)
    .join('');
}

function commitBatch(spark: SparkOutput, batch: number): void {
  const part = (n: number) => [`part-0000${n}-b${batch}.csv`, header + rowsOf(batch, n)] as const;
  spark.commit(Object.fromEntries([part(0), part(1), part(2)]));
}

const twoMerges: Program = async (disk, spark, progress) => {
  commitBatch(spark, 0);
  commitBatch(spark, 1);
  progress.acknowledged = (await mergePending({ port: disk, tuning }, options)).totals.rows;
  commitBatch(spark, 2);
  progress.acknowledged = (await mergePending({ port: disk, tuning }, options)).totals.rows;
};

const oneLongSession: Program = async (disk, spark, progress) => {
  commitBatch(spark, 0);
  const session = await MergeSession.open({ port: disk, tuning }, options);
  for (const batch of [1, 2, 3]) {
    await session.pass();
    progress.acknowledged = session.totals.rows;
    commitBatch(spark, batch);
  }
  await session.close();
};

const mergeThenRebuild: Program = async (disk, spark, progress) => {
  commitBatch(spark, 0);
  progress.acknowledged = (await mergePending({ port: disk, tuning }, options)).totals.rows;
  commitBatch(spark, 1);
  progress.acknowledged = (await rebuildMerge({ port: disk, tuning }, options)).totals.rows;
  commitBatch(spark, 2);
  progress.acknowledged = (await mergePending({ port: disk, tuning }, options)).totals.rows;
};

/** Every few rows the file is finished and a new one begun. */
const rotations: Program = async (disk, spark, progress) => {
  for (const batch of [0, 1, 2, 3]) {
    commitBatch(spark, batch);
    const { totals } = await mergePending({ port: disk, tuning }, rotating);
    progress.acknowledged = totals.rows;
  }
};

/** Counts the different states that were recovered from. */
class CrashRun {
  states = 0;
  #firstCuts = 0;
  readonly #seen = new Set<string>();
  readonly #options: MergeOptions;
  /** A second cut, in the recovery, is tried after each so many-th first one: all would take minutes. */
  readonly #every: number;

  constructor(wanted: MergeOptions, every: number) {
    this.#options = wanted;
    this.#every = every;
  }

  async run(program: Program, depth: number): Promise<void> {
    const whole = new SimulatedDisk();
    await program(whole, sparkOn(whole), { acknowledged: 0 });
    for (let cut = 0; cut <= whole.changes.length; cut += 1) {
      const disk = new SimulatedDisk(cut);
      const progress = { acknowledged: 0 };
      await untilPowerCut(() => program(disk, sparkOn(disk), progress));
      for (const model of lossModels)
        await this.#recover(disk, { model, progress, depth, path: `${cut} ${model}` });
    }
  }

  async #recover(disk: SimulatedDisk, crash: Crash): Promise<void> {
    const start = disk.afterPowerCut(crash.model);
    checkReaders(start, crash);
    const digest = `${crash.depth} ${start.digest()}`;
    if (this.#seen.has(digest)) return;
    this.#seen.add(digest);
    this.states += 1;
    const changes = await checkRecovery(start, crash, this.#options);
    if (crash.depth === 0) return;
    this.#firstCuts += 1;
    if (this.#firstCuts % this.#every !== 0) return;
    for (let cut = 0; cut < changes; cut += 1) {
      const again = disk.afterPowerCut(crash.model, cut);
      await untilPowerCut(() => mergePending({ port: again, tuning }, this.#options));
      for (const model of lossModels) {
        const path = `${crash.path}, then ${cut} ${model}`;
        await this.#recover(again, { ...crash, model, depth: crash.depth - 1, path });
      }
    }
  }
}

/** Compacts its log every third batch, so that both kinds of log files are met. */
function sparkOn(disk: SimulatedDisk): SparkOutput {
  return new SparkOutput('/out', (path, text) => disk.put(path, text), 3);
}

interface Crash {
  readonly model: LossModel;
  readonly progress: Progress;
  readonly depth: number;
  readonly path: string;
}

async function untilPowerCut(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
}

/** What a reader finds before anybody has recovered: the published length and `latest` are of whole rows. */
function checkReaders(disk: SimulatedDisk, { path }: Crash): void {
  const length = Number(disk.peek(`${into}.committed`)?.toString() ?? 0);
  const published = disk.peek(into)?.subarray(0, length) ?? Buffer.alloc(0);
  equal(published.length, length, `the published length is there after a power cut at ${path}`);
  for (const bytes of [published, disk.peek(latest) ?? published]) {
    if (bytes.length > 0)
      ok(/^id,text\n(\d-\d-\d,"text ""\d""\nwith a second line"\n)*$/.test(`${bytes}`), path);
  }
}

/** Recovers with the real code and compares; returns how many changes that took. */
async function checkRecovery(
  disk: SimulatedDisk,
  crash: Crash,
  wanted: MergeOptions,
): Promise<number> {
  const means: MergeMeans = { port: disk, tuning };
  if (disk.peek('/out/_spark_metadata/0') === undefined) return 0;
  try {
    const session = await MergeSession.open(means, wanted);
    ok(session.totals.rows >= crash.progress.acknowledged, 'what was acknowledged is still merged');
    await session.pass();
    await session.close();
    const changes = disk.changes.length;
    const files = [...session.state.finished.map(({ file }) => `/merged/${file}`), into];
    deepEqual(sortedRows(files.map((file) => disk.peek(file))), expectedRows(disk));
    const digest = disk.digest();
    await mergePending(means, wanted);
    equal(disk.digest(), digest, 'a second recovery changes nothing');
    return changes;
  } catch (error) {
    throw new Error(`After a power cut at ${crash.path}`, { cause: error });
  }
}

function sortedRows(files: readonly (Buffer | undefined)[]): readonly string[] {
  const texts = files.map((bytes) => bytes?.toString() ?? '');
  const strange = texts.find((text) => !text.startsWith(header));
  if (strange !== undefined) return ['no header', strange];
  return texts
    .map((text) => text.slice(header.length))
    .join('')
    .split('line"\n')
    .sort();
}

function expectedRows(disk: SimulatedDisk): readonly string[] {
  const texts: string[] = [];
  for (let batch = 0; batch < 4; batch += 1) {
    for (const part of [0, 1, 2]) {
      if (disk.peek(`/out/part-0000${part}-b${batch}.csv`)) texts.push(rowsOf(batch, part));
    }
  }
  return texts.join('').split('line"\n').sort();
}

describe('a merge through power cuts', () => {
  it.each([
    ['two merges', twoMerges, options, { depth: 1, every: 3 }],
    ['one long session', oneLongSession, options, { depth: 2, every: 13 }],
    ['a rebuild', mergeThenRebuild, options, { depth: 1, every: 9 }],
    ['rotations', rotations, rotating, { depth: 1, every: 15 }],
  ])(
    'F02, F03: keeps every committed row once after a cut at any change of %s, and again while recovering',
    async (_, program, wanted, { depth, every }) => {
      const run = new CrashRun(wanted, every);
      await run.run(program, depth);
      expect(run.states).toBeGreaterThan(1500);
    },
    180_000,
  );
});
