import { expect, it } from 'vitest';
import { readRetryAfter } from './retry-after.ts';

const WALL = Date.parse('2026-11-24T07:00:00Z');

it.each([
  ['0', 0],
  [' 120 ', 120_000],
  ['999999999999', 999_999_999_999_000],
  ['Tue, 24 Nov 2026 07:00:30 GMT', 30_000],
  ['Tuesday, 24-Nov-26 07:00:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 06:00:00 GMT', 0],
])('reads %j as %i ms', (text, milliseconds) => {
  expect(readRetryAfter({ 'retry-after': text }, WALL)).toBe(milliseconds);
});

it.each(['', '-1', '1.5', 'soon', 'Nov', 'Tue, 99 Nov 2026', '1e3'])(
  'reads nothing from %j',
  (text) => {
    expect(readRetryAfter({ 'retry-after': text }, WALL)).toBeUndefined();
  },
);

it('counts a date from the clock of the server, which may differ from ours', () => {
  const headers = {
    'retry-after': 'Tue, 24 Nov 2026 09:00:05 GMT',
    date: 'Tue, 24 Nov 2026 09:00:00 GMT',
  };
  expect(readRetryAfter(headers, WALL)).toBe(5000);
});
