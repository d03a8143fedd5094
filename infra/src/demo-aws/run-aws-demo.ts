import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineStatus } from '../demo/control-api.ts';
import { DemoError } from '../demo/demo-errors.ts';
import { shortPath } from '../demo/demo-places.ts';
import { stopStarted, type Tell } from '../demo/stop-started.ts';
import type { AwsDemoPlaces } from './aws-demo-places.ts';
import { type AwsDemoStage, pipelineName } from './aws-demo-stage.ts';
import { type CellCheck, checkCells } from './check-cells.ts';
import { readObject } from './collect-snapshots.ts';
import { deleteStack } from './deploy-stack.ts';
import { expectRows } from './expected-rows.ts';

const LOOK_MS = 300;
const STUCK_MS = 180_000;
const STOP_MS = 120_000;
const MERGED_KEY = 'output/crypto-markets.csv';
const usualMerge = ['WAITING', 'MERGING'];
const restStates = ['STOPPED', 'FAILED'];

/** What the last line of the AWS demo says, and what is shown above it. */
export interface AwsDemoResult extends CellCheck {
  readonly snapshots: number;
  readonly seconds: number;
}

export interface RunningAwsDemo {
  readonly places: AwsDemoPlaces;
  readonly stage: AwsDemoStage;
  readonly tell: Tell;
  /** performance.now() */
  readonly startedAt: number;
  /** Aborted when somebody asks the demo to end. */
  readonly signal: AbortSignal;
}

/**
 * Waits until every row is merged, stops the run by its marker, compares the merged file in the bucket with the
 * snapshots, and takes everything down. Throws DEMO_STUCK, DEMO_RUN_FAILED and what deleting the stack throws.
 */
export async function mergeAndCheck(demo: RunningAwsDemo): Promise<AwsDemoResult> {
  const { places, stage, tell, startedAt } = demo;
  const expected = stage.snapshots.flatMap(expectRows);
  await waitForRows(demo, expected.length);
  tell('stopping the run, after its batch');
  await stopRun(demo);
  const csv = await readObject(stage.clients.s3, stage.stack.bucket, MERGED_KEY);
  await writeFile(places.mergedFile, csv);
  const check = checkCells(csv, expected);
  tell('deleting the stack');
  await deleteStack(stage.clients);
  await stopStarted(places, (what) => tell(`stopping ${what}`));
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
  return { snapshots: stage.snapshots.length, ...check, seconds };
}

async function waitForRows(demo: RunningAwsDemo, expected: number): Promise<void> {
  let seen = '';
  let movedAt = performance.now();
  for (;;) {
    demo.signal.throwIfAborted();
    const status = await demo.stage.api.status(pipelineName);
    refuseFailed(demo, status);
    const merged = status.merge?.rows?.rows ?? 0;
    const now = `  ${describeState(status)}: ${merged} of ${expected} rows are merged`;
    if (now !== seen) {
      demo.tell(now);
      seen = now;
      movedAt = performance.now();
    }
    if (merged >= expected) return;
    if (performance.now() - movedAt > STUCK_MS) throw stuck(demo, { status, merged, expected });
    await sleep(LOOK_MS, undefined, { signal: demo.signal }).catch(() => undefined);
  }
}

/** That of the merge is told when it is not the usual one. */
function describeState({ observed, merge }: PipelineStatus): string {
  const merging = merge?.rows?.state;
  const isUsual = merging === undefined || usualMerge.includes(merging);
  return isUsual ? observed.state : `${observed.state}, its merge ${merging}`;
}

async function stopRun(demo: RunningAwsDemo): Promise<void> {
  const { api } = demo.stage;
  await api.stop(pipelineName);
  const deadline = performance.now() + STOP_MS;
  while (performance.now() < deadline) {
    demo.signal.throwIfAborted();
    const status = await api.status(pipelineName);
    refuseFailed(demo, status);
    if (restStates.includes(status.observed.state)) return;
    await sleep(LOOK_MS);
  }
}

function refuseFailed({ places }: RunningAwsDemo, { observed }: PipelineStatus): void {
  if (observed.state !== 'FAILED') return;
  const { sentence: cause = 'no cause was seen.', next = '' } = observed.cause ?? {};
  throw new DemoError('DEMO_RUN_FAILED', { cause, next, log: shortPath(places.logs) });
}

function stuck(
  { places }: RunningAwsDemo,
  seen: { readonly status: PipelineStatus; readonly merged: number; readonly expected: number },
): DemoError {
  return new DemoError('DEMO_STUCK', {
    seconds: STUCK_MS / 1000,
    merged: seen.merged,
    expected: seen.expected,
    state: describeState(seen.status),
    log: shortPath(places.logs),
    pipeline: pipelineName,
  });
}
