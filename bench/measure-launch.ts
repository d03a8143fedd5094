import { join } from 'node:path';
import { writeBenchJob } from './bench-job.ts';
import {
  type BenchStage,
  endDriver,
  newFolder,
  startAsSluice,
  startBare,
  timeToFirstCommit,
} from './bench-stage.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface LaunchResult {
  /** Seconds from launch to the first committed batch. */
  readonly sluice: Spread;
  readonly bare: Spread;
  /** Pair by pair. */
  readonly ratio: Spread;
}

const checkpoint = 'data/device-events/generation-1/checkpoint';

/** The same job over the same topic, launched in turn by Sluice's command and by a bare spark-submit. */
export async function measureLaunch(
  stage: BenchStage,
  topic: string,
  pairs: number,
): Promise<LaunchResult> {
  const sluice: number[] = [];
  const bare: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    bare.push(await launch(stage, topic, (job, folder) => startBare(stage, [job], folder)));
    sluice.push(await launch(stage, topic, (job, folder) => startAsSluice(stage, [job], folder)));
  }
  const ratio = sluice.map((seconds, pair) => seconds / (bare[pair] ?? Number.NaN));
  return { sluice: spreadOf(sluice), bare: spreadOf(bare), ratio: spreadOf(ratio) };
}

async function launch(
  stage: BenchStage,
  topic: string,
  start: (job: string, folder: string) => ReturnType<typeof startBare>,
): Promise<number> {
  const folder = newFolder(stage, 'launch');
  const driver = start(writeBenchJob(folder, { topic }), folder);
  try {
    return (await timeToFirstCommit(driver, join(folder, checkpoint))) / 1000;
  } finally {
    await endDriver(driver);
  }
}
