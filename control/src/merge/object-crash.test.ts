import { deepEqual, ok } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import { type Fault, Killed, SimulatedBucket } from '../../test/fixtures/simulated-bucket.ts';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { mergePending, rebuildMerge } from './merge-once.ts';
import { type MergeMeans, usualTuning } from './merge-parts.ts';
import { MergeSession } from './merge-session.ts';
import type { MergeOptions } from './merge-settings.ts';
import { ObjectFiles } from './object-files.ts';

const into = 's3://rows/merged/rows.csv';
const directory = 's3://rows/out';
const options: MergeOptions = { directory, into, header: 'present' };
const header = 'id,text\n';

function meansFor(bucket: SimulatedBucket): MergeMeans {
  const port = new ObjectFiles(bucket);
  const tuning = { ...usualTuning, chunkBytes: 64, commitParts: 3 };
  return { port, tuning, beginAnew: (path) => port.beginAnew(path) };
}

/** Rows of a part: sizes on both sides of what makes a piece. */
function rowsOf(batch: number, part: number): string {
  const count = [0, 1, 12][(batch + part) % 3] ?? 0;
  return Array.from({ length: count }, (_, n) => `${batch}-${part}-${n},"a ""b""\nc"\n`).join('');
}

/** How often a merge was refused because another one had written meanwhile. */
let overtaken = 0;

class Output {
  readonly #spark: SparkOutput;
  #batch = 0;

  constructor(bucket: SimulatedBucket) {
    this.#spark = new SparkOutput('/out', (path, text) => {
      const bytes = Buffer.from(text);
      const version = `part-${bytes.length}`;
      bucket.objects.set(`s3://rows${path}`, { bytes, version, mark: undefined });
    });
  }

  commit(): void {
    const batch = this.#batch;
    const part = (n: number) => [`p-${n}-b${batch}.csv`, header + rowsOf(batch, n)] as const;
    this.#spark.commit(Object.fromEntries([part(0), part(1), part(2)]));
    this.#batch += 1;
  }

  get text(): string {
    const parts = Array.from({ length: this.#batch * 3 }, (_, at) =>
      rowsOf(Math.floor(at / 3), at % 3),
    );
    return parts.join('');
  }
}

/** A following merge that begins again after each failure, as the service has it begin again. */
async function program(bucket: SimulatedBucket, output: Output): Promise<void> {
  output.commit();
  await insist(() => mergePending(meansFor(bucket), options));
  for (let round = 0; round < 2; round += 1) {
    output.commit();
    output.commit();
    await insist(async () => {
      const session = await MergeSession.open(meansFor(bucket), options);
      await session.pass().finally(() => session.close().catch(() => undefined));
      output.commit();
    });
  }
}

async function programWithRebuild(bucket: SimulatedBucket, output: Output): Promise<void> {
  await program(bucket, output);
  await insist(() => rebuildMerge(meansFor(bucket), options));
  output.commit();
  await insist(() => mergePending(meansFor(bucket), options));
}

async function insist(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Killed) throw error;
    if (error instanceof SluiceError && error.code === 'MERGE_OVERTAKEN') overtaken += 1;
    await act();
  }
}

/** The merged rows, sorted, because parts may come in another order after a failure. */
function check(bucket: SimulatedBucket, output: Output): void {
  deepEqual(sorted(bucket.textOf(into)?.slice(header.length)), sorted(output.text));
  ok(bucket.textOf(into)?.startsWith(header));
  for (const { path, text } of bucket.seen) {
    if (path === into)
      ok(/^$|^id,text\n(\d+-\d+-\d+,"a ""b""\nc"\n)*$/.test(text), 'whole for readers');
  }
  const rows = bucket.seen.filter(({ path }) => path === into).map(({ text }) => sorted(text));
  ok(
    rows.every((ids) => new Set(ids).size === ids.length),
    'never a row twice',
  );
  deepEqual([...bucket.uploads], [], 'no upload is left');
}

/** What a reader has once seen never goes away. */
function checkGrowth(bucket: SimulatedBucket): void {
  let before: readonly string[] = [];
  for (const { path, text } of bucket.seen) {
    if (path !== into) continue;
    const rows = new Set(sorted(text.slice(header.length)));
    ok(
      before.every((row) => rows.has(row)),
      'a row has gone',
    );
    before = [...rows];
  }
}

function sorted(text = ''): readonly string[] {
  return text
    .split('c"\n')
    .filter((row) => row !== '')
    .toSorted();
}

async function play(fault: Fault | undefined): Promise<SimulatedBucket> {
  const bucket = new SimulatedBucket();
  const output = new Output(bucket);
  bucket.fault = fault;
  await programWithRebuild(bucket, output).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  bucket.revive();
  await mergePending(meansFor(bucket), options);
  check(bucket, output);
  return bucket;
}

describe('a merge into an object', () => {
  it('has big parts and the old object copied by the store', async () => {
    const bucket = await play(undefined);
    expect(bucket.copied).toBeGreaterThan(1000);
  });

  it.each(['killed-before', 'killed-after', 'lost-request', 'lost-answer', 'refused'] as const)(
    'F01, F30, F31: holds each row once, whole for readers at any time, when any of its writes is %s',
    async (kind) => {
      const { changes } = await play(undefined);
      for (let at = 1; at <= changes; at += 3) {
        await play({ at, kind }).catch((error: unknown) => {
          throw new Error(`at change ${at}`, { cause: error });
        });
      }
      expect(changes).toBeGreaterThan(60);
    },
  );

  it('F12: is written by one of two merges at a time, wherever the other one comes in between', async () => {
    const { changes } = await play(undefined);
    overtaken = 0;
    for (let at = 1; at <= changes; at += 1) {
      const bucket = new SimulatedBucket();
      const output = new Output(bucket);
      let came = false;
      bucket.onChange = async () => {
        if (bucket.changes !== at || came) return;
        came = true;
        output.commit();
        await mergePending(meansFor(bucket), options).catch(() => undefined);
      };
      await program(bucket, output);
      bucket.onChange = undefined;
      await mergePending(meansFor(bucket), options);
      check(bucket, output);
      checkGrowth(bucket);
    }
    expect(overtaken).toBeGreaterThan(0);
  });
});
