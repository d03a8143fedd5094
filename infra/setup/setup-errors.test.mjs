import { expect, test } from 'vitest';
import { describeError, SetupError, setupErrors } from './setup-errors.mjs';

test('every error says in whole sentences what was found, what is wanted and what to do', () => {
  for (const { found, wanted, next } of Object.values(setupErrors)) {
    expect(found).toMatch(/[.}:]$/);
    expect(wanted).toMatch(/\.$/);
    expect(next).toMatch(/[.}]$/);
  }
});

test('a parameter that was not given stays visible', () => {
  expect(describeError('NODE_TOO_OLD').found).toBe('This is Node {version}.');
});

test('a parameter is put in as it is, even when it looks like a place', () => {
  expect(new SetupError('NODE_TOO_OLD', { version: '{wanted} $& 1' }).message).toBe(
    'This is Node {wanted} $& 1. Set-up needs Node 20 or newer.',
  );
});
