import { expect, test } from 'vitest';
import { measureLag } from './kafka-lag.ts';

test('lag is summed over partitions, offsets may come as text, and a partition not read yet counts whole', () => {
  const latestOffset = { events: { 0: 15, 1: 20 } };
  expect(measureLag([{ endOffset: { events: { 0: 10 } }, latestOffset }])).toBe(25);
  expect(
    measureLag([
      { endOffset: '{"events":{"0":15,"1":19}}', latestOffset: JSON.stringify(latestOffset) },
    ]),
  ).toBe(1);
});

test('lag is not known, rather than zero, when a source says nothing of offsets', () => {
  expect(measureLag([])).toBeUndefined();
  expect(measureLag([{ endOffset: 5, latestOffset: null }])).toBeUndefined();
  expect(measureLag([{ endOffset: { t: { 0: 1 } } }])).toBeUndefined();
});
