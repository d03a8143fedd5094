import { compatibilityPartitioner } from '@platformatic/kafka';
import { expect, it } from 'vitest';
import { hashKey } from './key-hash.ts';
import { createSeededRandom } from './seeded-random.ts';

// Of Java's own test, org.apache.kafka.common.utils.UtilsTest, with the sign taken off.
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('hashes %j as Java does', (key, hash) => {
  expect(hashKey(Buffer.from(key))).toBe(hash & 0x7fffffff);
});

it('agrees with the other implementation on keys of all lengths and bytes', () => {
  const random = createSeededRandom('keys');
  for (let length = 0; length < 300; length += 1) {
    const key = Buffer.from(Array.from({ length }, () => random.below(256)));
    expect(hashKey(key), key.toString('hex')).toBe(compatibilityPartitioner({ topic: '' }, key));
  }
});
