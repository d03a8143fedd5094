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

/** Four hexadecimal digits of each 16-bit number: looked up, because two UUIDs an event are the hottest code here. */
const DIGITS = Array.from({ length: 0x1_0000 }, (_, value) => value.toString(16).padStart(4, '0'));

function formatUuid(words: readonly [number, number, number, number]): string {
  const [first, second, third, fourth] = words;
  const version = (second & 0x0fff) | 0x4000;
  const variant = ((third >>> 16) & 0x3fff) | 0x8000;
  return (
    `${high(first)}${low(first)}-${high(second)}-${DIGITS[version]}-` +
    `${DIGITS[variant]}-${low(third)}${high(fourth)}${low(fourth)}`
  );
}

function high(word: number): string | undefined {
  return DIGITS[word >>> 16];
}

function low(word: number): string | undefined {
  return DIGITS[word & 0xffff];
}
