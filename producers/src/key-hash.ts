const SEED = 0x9747b28c;
const FACTOR = 0x5bd1e995;

/**
 * The hash by which Java's producer, and with it kafkajs, gives a key its partition: MurmurHash2 of 32 bits without its
 * sign (org.apache.kafka.common.utils.Utils, `murmur2` and `toPositive`). `@platformatic/kafka` has it too, in big
 * integers, which take a quarter of the time that a whole event takes otherwise.
 */
export function hashKey(key: Uint8Array): number {
  const whole = key.length & ~3;
  let hash = SEED ^ key.length;
  for (let index = 0; index < whole; index += 4) {
    hash = Math.imul(hash, FACTOR) ^ mix(wordAt(key, index, 4));
  }
  if (whole < key.length) {
    hash = Math.imul(hash ^ wordAt(key, whole, key.length - whole), FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}

function mix(word: number): number {
  const product = Math.imul(word, FACTOR);
  return Math.imul(product ^ (product >>> 24), FACTOR);
}

/** Up to four bytes as a number, the first one lowest. */
function wordAt(key: Uint8Array, start: number, count: number): number {
  let word = 0;
  for (let index = count - 1; index >= 0; index -= 1) {
    word = (word << 8) | (key[start + index] ?? 0);
  }
  return word;
}
