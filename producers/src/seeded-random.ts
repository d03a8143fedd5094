import { createHash } from 'node:crypto';

/** A source of repeatable randomness: the same seed gives the same values in the same order. */
export interface SeededRandom {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** A version 4 UUID (RFC 9562, section 5.4). */
  uuid(): string;
}

/**
 * Made of sfc32, Chris Doty-Humphrey's small fast counter generator of 128 bits of state
 * (https://pracrand.sourceforge.net/RNG_engines.txt). The seed is hashed, so that seeds that look alike give
 * unlike events.
 */
export function createSeededRandom(seed: string): SeededRandom {
  const next = createSfc32(createHash('sha256').update(seed).digest());
  return Object.freeze({
    below: (limit: number) => Math.floor((next() / 0x1_0000_0000) * limit),
    uuid: () => formatUuid([next(), next(), next(), next()]),
  });
}

function createSfc32(state: Buffer): () => number {
  let a = state.readInt32LE(0);
  let b = state.readInt32LE(4);
  let c = state.readInt32LE(8);
  let counter = state.readInt32LE(12);
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
}

/** Two hexadecimal digits of each byte, as their character codes. */
const DIGITS = Buffer.from(
  Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0')).join(''),
);
/** Where the digits of each byte stand. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const text = Buffer.alloc(36, '-');

/** Written into one buffer, because two UUIDs an event are the hottest code here, and text put together is slower. */
function formatUuid(words: readonly [number, number, number, number]): string {
  const [first, second, third, fourth] = words;
  const version = (second & 0xffff0fff) | 0x4000;
  const variant = (third & 0x3fffffff) | 0x80000000;
  writeDigits(first, 0);
  writeDigits(version, 4);
  writeDigits(variant, 8);
  writeDigits(fourth, 12);
  return text.toString('latin1');
}

/** Writes the four bytes of a word, which stand from this one of the UUID's sixteen on. */
function writeDigits(word: number, byte: number): void {
  for (let index = 0; index < 4; index += 1) {
    const digits = ((word >>> (24 - 8 * index)) & 0xff) * 2;
    const place = PLACES[byte + index] ?? 0;
    text[place] = DIGITS[digits] ?? 0;
    text[place + 1] = DIGITS[digits + 1] ?? 0;
  }
}
