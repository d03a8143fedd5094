const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Milliseconds to wait after failed attempt number `attempt`, counted from 1: twice as long each time, from 1 s to
 * 60 s, the second half of it at random (`random` gives 0 up to 1), so that many programs that failed together do not
 * come back together.
 */
export function backOff(attempt: number, random: () => number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return Math.round((longest * (1 + random())) / 2);
}
