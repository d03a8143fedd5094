/** Several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: readonly number[];
}

/** Median, least and most, rounded to three significant places. */
export function spreadOf(runs: readonly number[]): Spread {
  const sorted = [...runs].sort((one, other) => one - other).map(round);
  return {
    median: round(percentile(sorted, 0.5)),
    least: sorted[0] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    runs: runs.map(round),
  };
}

/** The value below which a share (0..1) of the sorted values lies; between two values their middle for 0.5. */
export function percentile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export function round(value: number): number {
  return Number(value.toPrecision(3));
}
