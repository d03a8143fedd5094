import { expect, it } from 'vitest';
import { readValue } from './field-values.ts';
import type { FieldType } from './page-spec.ts';

const base = new URL('https://example.com/a/b');
const read = (type: FieldType, text: string, decimalComma = false) =>
  readValue(text, { field: { type, decimalComma }, base });

it.each<[FieldType, string, string]>([
  ['text', 'a "b"', '"a \\"b\\""'],
  ['number', '1,234.50', '1234.50'],
  ['number', '−0.5', '-0.5'],
  ['number', '-0', '0'],
  ['number', '007', '7'],
  ['number', '12345678901234567890.123456789', '12345678901234567890.123456789'],
  ['integer', '1 234', '1234'],
  ['integer', '9007199254740993', '9007199254740993'],
  ['boolean', 'Yes', 'true'],
  ['boolean', '0', 'false'],
  ['date', '2026-11-24', '"2026-11-24"'],
  ['date', '2024-02-29', '"2024-02-29"'],
  ['date', '2026-11-24T08:30:00+01:00', '"2026-11-24T07:30:00.000Z"'],
  ['date', 'November 24, 2026', '"2026-11-24"'],
  ['date', '4 Mar 2026', '"2026-03-04"'],
  ['date', 'Tue, 24 Nov 2026 08:00:00 GMT', '"2026-11-24T08:00:00.000Z"'],
  ['link', '../c?d=e', '"https://example.com/c?d=e"'],
])('reads %s %j as %s, digit for digit', (type, text, json) => {
  expect(read(type, text)).toBe(json);
});

it.each<[FieldType, string]>([
  ['number', '1.2.3'],
  ['number', '12,34'],
  ['number', '1e999'],
  ['number', 'NaN'],
  ['number', '0x10'],
  ['number', '1'.repeat(31)],
  ['integer', '1.5'],
  ['boolean', 'maybe'],
  ['date', '2026-02-30'],
  ['date', '2026-11-24T08:30:00'],
  ['date', '24/11/2026'],
  ['date', '31 Feb 2026'],
  ['date', '3 days ago'],
  ['link', 'javascript:alert(1)'],
  ['link', 'data:text/html,x'],
])('does not take %s %j for one', (type, text) => {
  expect(read(type, text)).toBeUndefined();
});

it('reads numbers with a decimal comma when told so', () => {
  expect(read('number', '1.234,5', true)).toBe('1234.5');
  expect(read('number', '1,234.5', true)).toBeUndefined();
});
