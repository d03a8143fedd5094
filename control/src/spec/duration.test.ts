import { expect, it } from 'vitest';
import { parseDuration, printDuration } from './duration.ts';

it.each([
  ['10 seconds', 10_000],
  ['1 second', 1000],
  ['100 milliseconds', 100],
  ['90 minutes', 5_400_000],
  ['24 hours', 86_400_000],
])('reads %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  '10',
  '10s',
  '10  seconds',
  '-1 seconds',
  '1.5 seconds',
  '99 milliseconds',
  '25 hours',
  '',
])('refuses %j', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it.each([
  [10_000, '10 seconds'],
  [1000, '1 second'],
  [1500, '1500 milliseconds'],
  [60_000, '1 minute'],
  [7_200_000, '2 hours'],
])('prints %i ms as %s', (ms, text) => {
  expect(printDuration(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});
