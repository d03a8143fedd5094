import { expect, it } from 'vitest';
import { pythonName } from './python-name.ts';

it.each([
  ['device-events', 'device_events'],
  ['class', 'class_'],
  ['match', 'match_'],
  ['9-lives', '_9_lives'],
  ['', '_'],
  ['a b"c\n', 'a_b_c_'],
])('makes an identifier of %j', (name, identifier) => {
  expect(pythonName(name)).toBe(identifier);
});
