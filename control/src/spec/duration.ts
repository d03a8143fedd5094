const unitMs: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
};

/** Batches closer together than this only cost; further apart than a day nobody watches a stream. */
export const durationLimits = Object.freeze({ least: '100 milliseconds', most: '24 hours' });

/** Milliseconds of a text like `10 seconds`; undefined when it is none or out of limits. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}) (millisecond|second|minute|hour)s?$/.exec(text);
  const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? ''] ?? Number.NaN);
  return ms >= 100 && ms <= 24 * 3_600_000 ? ms : undefined;
}

/** The shortest exact writing in words, as Spark reads it: `10 seconds`, `1 minute`, `1500 milliseconds`. */
export function printDuration(ms: number): string {
  const unit =
    ['hour', 'minute', 'second'].find((name) => ms % (unitMs[name] ?? 1) === 0) ?? 'millisecond';
  const count = ms / (unitMs[unit] ?? 1);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
