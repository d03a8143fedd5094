/** A 64-bit hash of a record in two halves, each a 32-bit integer. */
export interface RecordHash {
  readonly high: number;
  readonly low: number;
}

/**
 * Hashes bytes [from, to) with two lanes of different multipliers (those of MurmurHash3 and xxHash32). It only has to
 * tell records apart that differ by accident, and to be faster than a call into crypto for every row.
 */
export function hashRecord(bytes: Uint8Array, from: number, to: number): RecordHash {
  let high = 0x2545f491 ^ (to - from);
  let low = 0x27d4eb2f + (to - from);
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word =
      byteAt(bytes, at) |
      (byteAt(bytes, at + 1) << 8) |
      (byteAt(bytes, at + 2) << 16) |
      (byteAt(bytes, at + 3) << 24);
    high = Math.imul(high ^ word, 0x85ebca6b);
    high ^= high >>> 15;
    low = Math.imul(low + word, 0x9e3779b1);
    low = (low << 13) | (low >>> 19);
  }
  for (; at < to; at += 1) {
    high = Math.imul(high ^ byteAt(bytes, at), 0x01000193);
    low = Math.imul(low + byteAt(bytes, at), 0x165667b1) ^ (low >>> 11);
  }
  return { high: spread(high), low: spread(low ^ Math.imul(high, 0xc2b2ae3d)) };
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

/** Lets every bit reach every other (the finaliser of MurmurHash3). */
function spread(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Adds records up so that the order does not matter: equal sums mean, but for one chance in 2^64, the same records. */
export class RecordSums {
  records = 0;
  #high = 0;
  #low = 0;

  add({ high, low }: RecordHash): void {
    this.records += 1;
    this.#high = (this.#high + high) | 0;
    this.#low = (this.#low + low) | 0;
  }

  equals(other: RecordSums): boolean {
    return this.records === other.records && this.#high === other.#high && this.#low === other.#low;
  }
}
