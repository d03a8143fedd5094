import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';

/** Colours on standard error, off when NO_COLOR is set or nobody looks (https://no-color.org). */
export const paint = picocolors.createColors(
  picocolors.isColorSupported && process.stderr.isTTY === true,
);

/** Data, for the next program. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Talk, for whoever looks. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Text of others without control characters: a log line or a name must not move the cursor, ring or recolour a
 * terminal. Tabs stay.
 */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/(?!\t)\p{Cc}/gu, '');
}
