import { describe, expect, it } from 'vitest';
import { type Clock, pace, parseRate, type Rate } from './pace.ts';

describe('parseRate', () => {
  it('reads events a second, one event each so many seconds, and max', () => {
    expect(['2000', '0.2', '1/5s', '1/0.5s', 'max'].map(parseRate)).toEqual([
      2000,
      0.2,
      0.2,
      2,
      'max',
    ]);
  });

  it('refuses everything else', () => {
    for (const text of ['', '0', '-1', 'fast', '1e3', '1/0s', '2/5s', ' 5', 'Infinity', 'NaN']) {
      expect(parseRate(text), text).toBeUndefined();
    }
  });
});

describe('pace', () => {
  it('has every event out within 10 ms of its time and none before it', async () => {
    const moments = await runFor(10_000, 250);
    expect(moments).toHaveLength(2501);
    moments.forEach((moment, index) => {
      expect(moment).toBeGreaterThanOrEqual(index * 4 - 1e-3);
      expect(moment).toBeLessThanOrEqual(index * 4 + 11);
    });
  });

  it('gives one event each 5 seconds', async () => {
    expect(await runFor(16_000, 0.2)).toEqual([0, 5000, 10_000, 15_000]);
  });

  it('does not drift when every timer is late', async () => {
    const moments = await runFor(60_000, 10, { lateBy: 7 });
    expect(moments).toHaveLength(600);
    expect(moments.at(-1)).toBe(59_907);
  });

  it('sleeps at most a hundred times a second however high the rate', async () => {
    const clock = createTestClock();
    await runFor(2000, 100_000, { clock });
    expect(clock.sleeps).toBeLessThanOrEqual(201);
  });

  it('catches up in groups of 500 after its consumer was held up', async () => {
    const clock = createTestClock();
    const stop = new AbortController();
    const groups: number[] = [];
    for await (const size of pace(1000, stop.signal, clock)) {
      groups.push(size);
      if (groups.length === 1) clock.advance(3000);
      if (groups.length === 8) stop.abort();
    }
    expect(groups).toEqual([1, 500, 500, 500, 500, 500, 500, 10]);
  });

  it('at full speed lets timers and sockets have their turn between groups', async () => {
    const stop = new AbortController();
    let turns = 0;
    setTimeout(() => stop.abort(), 1);
    for await (const size of pace('max', stop.signal)) {
      turns += 1;
      expect(size).toBe(500);
    }
    expect(turns).toBeGreaterThan(0);
  });

  it('ends at once when told to while it sleeps', async () => {
    const stop = new AbortController();
    const started = performance.now();
    for await (const size of pace(1 / 3600, stop.signal)) {
      expect(size).toBe(1);
      setTimeout(() => stop.abort(), 10);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

interface TestClock extends Clock {
  readonly sleeps: number;
  advance(milliseconds: number): void;
}

function createTestClock(lateBy = 0): TestClock {
  let time = 0;
  let sleeps = 0;
  return {
    get sleeps() {
      return sleeps;
    },
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    sleep: async (milliseconds) => {
      sleeps += 1;
      time += milliseconds + lateBy;
    },
  };
}

/** The times, in milliseconds since the start, at which events came within so many milliseconds. */
async function runFor(
  milliseconds: number,
  rate: Rate,
  options: { readonly lateBy?: number; readonly clock?: TestClock } = {},
): Promise<readonly number[]> {
  const clock = options.clock ?? createTestClock(options.lateBy);
  const stop = new AbortController();
  const moments: number[] = [];
  for await (const size of pace(rate, stop.signal, clock)) {
    if (clock.now() > milliseconds) break;
    moments.push(...Array.from({ length: size }, () => clock.now()));
  }
  return moments;
}
