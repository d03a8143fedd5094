import { setTimeout as sleep } from 'node:timers/promises';
import { checkRows, countExpectedRows, type RowCheck } from './check-rows.ts';
import type { PipelineStatus } from './control-api.ts';
import { DemoError } from './demo-errors.ts';
import type { DemoOptions } from './demo-options.ts';
import { type DemoPlaces, shortPath } from './demo-places.ts';
import { type DemoStage, pipelineName } from './demo-stage.ts';
import { drawView } from './demo-view.ts';
import type { LiveView } from './live-view.ts';
import { processEnded } from './start-control.ts';
import { stopStarted, type Tell } from './stop-started.ts';

const LOOK_MS = 200;
const STUCK_MS = 120_000;

/** What the last line of a demo that ends by itself says. */
export interface DemoResult extends RowCheck {
  readonly events: number;
  readonly secondsToFirstRow: number;
  readonly seconds: number;
}

/** A demo in hand: what runs, how it is watched, and when it began (performance.now()). */
export interface RunningDemo {
  readonly places: DemoPlaces;
  readonly stage: DemoStage;
  readonly view: LiveView;
  readonly startedAt: number;
  /** Aborted when somebody asks the demo to end. */
  readonly signal: AbortSignal;
}

/** Shows how it goes until somebody asks for the end. Throws when something ended by itself. */
export async function watchUntilAsked(demo: RunningDemo): Promise<void> {
  while (!demo.signal.aborted) {
    look(demo, await demo.stage.api.status(pipelineName), 'Ctrl-C stops everything in order.');
    await pause(demo.signal);
  }
}

/**
 * Waits until every row of the produced events is merged, stops everything, and compares the merged file with
 * what was sent. Throws DEMO_STUCK when nothing moves for two minutes, and what watchUntilAsked throws.
 */
export async function produceAndCheck(
  demo: RunningDemo,
  { events = 0 }: DemoOptions,
  tell: Tell,
): Promise<DemoResult> {
  const { places, startedAt } = demo;
  const firstRowAt = await waitForRows(demo);
  demo.view.close();
  await stopStarted(places, (what) => tell(`stopping ${what}`));
  const check = await checkRows(places.sent, places.mergedFile);
  return {
    events,
    ...check,
    secondsToFirstRow: seconds(firstRowAt - startedAt),
    seconds: seconds(performance.now() - startedAt),
  };
}

/** Resolves when all rows are merged, with the time at which the first one was. */
async function waitForRows(demo: RunningDemo): Promise<number> {
  const waiting = { merged: 0, movedAt: performance.now(), firstRowAt: Number.NaN };
  let expected: number | undefined;
  while (expected === undefined || waiting.merged < expected) {
    demo.signal.throwIfAborted();
    const status = await demo.stage.api.status(pipelineName);
    look(demo, status, 'Ends by itself when every row is merged and checked.');
    noteMerged(waiting, status.merge?.rows?.rows ?? 0);
    expected ??= await countWhenProduced(demo);
    if (performance.now() - waiting.movedAt > STUCK_MS) {
      throw stuck(demo, { status, merged: waiting.merged, expected });
    }
    await pause(demo.signal);
  }
  return waiting.firstRowAt;
}

function noteMerged(
  waiting: { merged: number; movedAt: number; firstRowAt: number },
  merged: number,
): void {
  if (merged === waiting.merged) return;
  waiting.movedAt = performance.now();
  if (waiting.merged === 0) waiting.firstRowAt = waiting.movedAt;
  waiting.merged = merged;
}

async function countWhenProduced({ stage, places }: RunningDemo): Promise<number | undefined> {
  return stage.producer.process.exitCode === 0 ? countExpectedRows(places.sent) : undefined;
}

/** Draws what is seen, and throws when something that must run does not. */
function look(demo: RunningDemo, status: PipelineStatus, footer: string): void {
  const { stage, places, startedAt } = demo;
  demo.view.show(
    drawView({
      elapsedMs: performance.now() - startedAt,
      producer: stage.producer,
      status,
      servers: stage.broker.servers,
      ...(stage.cluster ? { master: stage.cluster.master } : {}),
      url: stage.api.url,
      file: shortPath(places.mergedFile),
      footer,
    }),
  );
  const { process: producer, log } = stage.producer;
  if ((producer.exitCode ?? 0) !== 0 || producer.signalCode !== null) {
    throw processEnded('The producer', producer, log);
  }
  if (status.observed.state === 'FAILED') {
    const { sentence: cause = 'no cause was seen.', next = '' } = status.observed.cause ?? {};
    throw new DemoError('DEMO_RUN_FAILED', { cause, next, log: shortPath(places.logs) });
  }
}

function stuck(
  { places }: RunningDemo,
  seen: { status: PipelineStatus; merged: number; expected: number | undefined },
): DemoError {
  return new DemoError('DEMO_STUCK', {
    seconds: STUCK_MS / 1000,
    merged: seen.merged,
    expected: seen.expected ?? 'an unknown number of',
    state: seen.status.observed.state,
    log: shortPath(places.logs),
    pipeline: pipelineName,
  });
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
