import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MergeProcess } from '../control/src/pipeline/merge-process.ts';
import { SparkOutput } from '../control/test/fixtures/spark-output.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Milliseconds from a batch in the log to its rows within the published length, in the service's merge process. */
export async function measureMergeDelay(folder: string, batches: number): Promise<Spread> {
  const spark = new SparkOutput(join(folder, 'parts'));
  const into = join(folder, 'rows.csv');
  const merging = new MergeProcess();
  const options = { directory: spark.directory, into, header: 'present' } as const;
  spark.commit({ 'part-first.csv': 'id\n0\n' });
  const following = merging.follow(options, 1000, () => undefined);
  const delays: number[] = [];
  try {
    await waitForLength(into, 5);
    let length = 5;
    for (let batch = 0; batch < batches; batch += 1) {
      const rows = `${batch},"some text"\n`.repeat(200);
      length += rows.length;
      const began = performance.now();
      spark.commit({ [`part-${batch}.csv`]: `id\n${rows}` });
      await waitForLength(into, length);
      delays.push(performance.now() - began);
      await pause(50);
    }
  } finally {
    following.stop();
    await merging.close();
  }
  return spreadOf(delays);
}

async function waitForLength(file: string, length: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (readLength(file) < length) {
    if (performance.now() > deadline) throw new Error(`${file} does not grow to ${length} bytes`);
    await pause(1);
  }
}

function readLength(file: string): number {
  try {
    return Number(readFileSync(`${file}.committed`, 'utf8'));
  } catch {
    return 0;
  }
}
