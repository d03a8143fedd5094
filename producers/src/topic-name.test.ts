import { expect, it } from 'vitest';
import { isTopicName } from './topic-name.ts';

it.each(['a', 'device-data-3', 'A.b_c-9', '...', 'x'.repeat(249)])('takes %s', (name) => {
  expect(isTopicName(name)).toBe(true);
});

it.each(['', '.', '..', 'a b', 'ä', 'a/b', 'a\n', 'x'.repeat(250)])('refuses %j', (name) => {
  expect(isTopicName(name)).toBe(false);
});
