import { InvalidArgumentError } from 'commander';
import type { RotationLimits } from '../merge/merge-settings.ts';

const bytesOf = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const millisecondsOf = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Adds one `--rotate` to those before: `256MB`, `1000000rows` or `1h`. */
export function readRotation(text: string, before: RotationLimits = {}): RotationLimits {
  const [, digits = '', unit = ''] = /^(\d{1,15}) ?(\w+)$/.exec(text) ?? [];
  const number = Number(digits);
  if (number > 0 && unit === 'rows') return { ...before, rows: number };
  if (number > 0 && isUnit(bytesOf, unit)) return { ...before, bytes: number * bytesOf[unit] };
  if (number > 0 && isUnit(millisecondsOf, unit)) {
    return { ...before, ms: number * millisecondsOf[unit] };
  }
  throw new InvalidArgumentError(
    'It must be a size (256MB, 1GiB), a number of rows (1000000rows) or a time (30m, 1h).',
  );
}

function isUnit<Units extends object>(units: Units, unit: string): unit is keyof Units & string {
  return Object.hasOwn(units, unit);
}
