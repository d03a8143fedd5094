import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

const MAX_BATCH = 500;
/** Faster rates come in groups this far apart: timers are no finer than a millisecond and each one costs. */
const SHORTEST_SLEEP_MS = 10;
/** A timer takes at most 2^31 ms; waking once a minute costs nothing. */
const LONGEST_SLEEP_MS = 60_000;

/** Events a second, or as many as the sender takes. */
export type Rate = number | 'max';

/** A monotonic clock in milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves after so many milliseconds, or early when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  sleep: (milliseconds: number, signal: AbortSignal) =>
    sleep(milliseconds, undefined, { signal }).catch(() => undefined),
});

/**
 * Reads `max`, a number of events a second (`2000`, `0.2`), or `1/5s` for one event each 5 seconds. Undefined
 * when it is none of these.
 */
export function parseRate(text: string): Rate | undefined {
  if (text === 'max') {
    return 'max';
  }
  const spaced = /^1\/(\d+(?:\.\d+)?)s$/.exec(text)?.[1];
  const perSecond = spaced === undefined ? parseNumber(text) : 1 / Number(spaced);
  return Number.isFinite(perSecond) && perSecond > 0 ? perSecond : undefined;
}

function parseNumber(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * Yields how many events are due now, until the signal is aborted. The first is due at once. What is due is
 * counted from the start and not from the last event, so that late timers do not add up; a consumer that was
 * held up gets the missed ones in groups of 500.
 */
export async function* pace(
  rate: Rate,
  signal: AbortSignal,
  clock: Clock = systemClock,
): AsyncGenerator<number, void, void> {
  const start = clock.now();
  let made = 0;
  while (!signal.aborted) {
    const due = rate === 'max' ? MAX_BATCH : countDue(rate, clock.now() - start) - made;
    if (due > 0) {
      const size = Math.min(due, MAX_BATCH);
      made += size;
      yield size;
    }
    if (rate === 'max') {
      // Sockets, timers and signals get their turn between two batches.
      await nextTurn();
    } else if (due <= MAX_BATCH) {
      const nextDue = start + (made * 1000) / rate;
      await clock.sleep(boundSleep(nextDue - clock.now()), signal);
    }
  }
}

/** The last factor keeps rounding from losing an event whose time has come to the millisecond. */
function countDue(perSecond: number, elapsedMs: number): number {
  return Math.floor((elapsedMs * perSecond) / 1000 + 1e-6) + 1;
}

function boundSleep(milliseconds: number): number {
  return Math.min(Math.max(Math.ceil(milliseconds), SHORTEST_SLEEP_MS), LONGEST_SLEEP_MS);
}
