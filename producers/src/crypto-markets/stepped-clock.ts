import type { Clock } from '../pace.ts';

/** A clock that stands still until somebody sleeps, and then jumps to the end of the sleep. */
export interface SteppedClock extends Clock {
  /** Milliseconds of each sleep, in order. */
  readonly sleeps: readonly number[];
  /** Moves on as if work had taken so long. */
  pass(milliseconds: number): void;
}

export function createSteppedClock(): SteppedClock {
  let now = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    pass: (milliseconds) => {
      now += milliseconds;
    },
    sleep: (milliseconds) => {
      sleeps.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}
