import { expect, it } from 'vitest';
import { backOff } from './back-off.ts';

it('stays between half and the whole of a time that doubles up to a minute', () => {
  const times = [1, 2, 3, 7, 100, 2000];
  expect(times.map((attempt) => backOff(attempt, () => 0))).toEqual([
    500, 1000, 2000, 30_000, 30_000, 30_000,
  ]);
  expect(times.map((attempt) => backOff(attempt, () => 1))).toEqual([
    1000, 2000, 4000, 60_000, 60_000, 60_000,
  ]);
});
