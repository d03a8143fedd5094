import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SparkOutput } from '../../test/fixtures/spark-output.ts';
import { readCommittedLength } from './committed-length.ts';
import { mergeOnce } from './merge-once.ts';
import { verifyMerge } from './verify-merge.ts';

const program = join(import.meta.dirname, '../../test/fixtures/killed-merge.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-kill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Way = 'merge' | 'rebuild' | 'rotate';

interface Ended {
  readonly killed: boolean;
  readonly output: string;
  readonly error: string;
}

/** One merged file that is killed again and again: what one kill left the next run finds. */
class KillLane {
  readonly #spark: SparkOutput;
  readonly #into: string;
  readonly #way: Way;
  #batch = 0;

  constructor(way: Way, number: number) {
    this.#way = way;
    this.#spark = new SparkOutput(join(folder, `${way}-${number}`));
    this.#into = join(folder, `${way}-${number}.csv`);
  }

  /** Kills at each change of the disk in turn, from the first to the last and again, until it was killed so often. */
  async kill(times: number): Promise<void> {
    this.#commit();
    this.#commit();
    let killAt = 0;
    for (let killed = 0; killed < times; ) {
      killAt += 1;
      const before = await committedRows(this.#into);
      const run = await this.#run(killAt);
      expect(run.error).toBe('');
      if (this.#way !== 'rebuild') {
        expect(await committedRows(this.#into)).toBeGreaterThanOrEqual(before);
      }
      if (run.killed) killed += 1;
      else killAt = 0;
      this.#commit();
    }
    await this.#check();
  }

  #commit(): void {
    const batch = this.#batch;
    this.#batch += 1;
    const row = (n: number) => (_: unknown, at: number) => `${batch}-${n}-${at},"two\nlines"\n`;
    const rows = (n: number) => Array.from({ length: 60 }, row(n)).join('');
    const names = [0, 1, 2];
    this.#spark.commit(
      Object.fromEntries(names.map((n) => [`part-${batch}-${n}.csv`, `k,v\n${rows(n)}`])),
    );
  }

  #run(killAt: number): Promise<Ended> {
    const args = [program, this.#spark.directory, this.#into, String(killAt), this.#way];
    return new Promise((resolve) => {
      execFile(process.execPath, args, (failure, output, error) =>
        resolve({ killed: failure?.signal === 'SIGKILL', output, error }),
      );
    });
  }

  async #check(): Promise<void> {
    const { directory } = this.#spark;
    await mergeOnce({ directory, into: this.#into, header: 'present' });
    const verified = await verifyMerge(directory, this.#into);
    expect(verified).toMatchObject({ ok: true, uncommittedTail: 0 });
    expect(verified.mergedRows).toBe(this.#batch * 3 * 60);
    const journal = readFileSync(`${this.#into}.journal`);
    await mergeOnce({ directory, into: this.#into, header: 'present' });
    expect(readFileSync(`${this.#into}.journal`)).toEqual(journal);
  }
}

async function committedRows(into: string): Promise<number> {
  return (await readCommittedLength(into))?.rows ?? 0;
}

describe('a merge killed by SIGKILL', () => {
  it('F01: keeps every row once after 210 kills, at each change of merges, rebuilds and rotations', async () => {
    const lanes = [
      new KillLane('merge', 1).kill(80),
      new KillLane('rebuild', 1).kill(60),
      new KillLane('rotate', 1).kill(70),
    ];
    await Promise.all(lanes);
  }, 240_000);
});
