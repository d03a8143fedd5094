import { expect, it } from 'vitest';
import { indent, layOutCall, layOutComment } from './code-block.ts';

it('keeps a call on one line when it fits there', () => {
  expect(layOutCall('f(', ['"a"', '1'])).toBe('f("a", 1)');
});

it('puts one argument on each line when the call would be wider than 100 columns', () => {
  const long = `"${'x'.repeat(90)}"`;
  expect(layOutCall('f(', [long, '1'], { levels: 1 })).toBe(`f(\n    ${long},\n    1,\n)`);
});

it('leaves empty lines empty when indenting', () => {
  expect(indent('a\n\nb', 2)).toBe('        a\n\n        b');
});

it('takes only line feeds for ends of lines when indenting', () => {
  expect(indent('a\u2028b\rc')).toBe('    a\u2028b\rc');
});

it('wraps a comment within the width', () => {
  const lines = layOutComment('word '.repeat(60).trim(), 1).split('\n');
  expect(lines.length).toBe(4);
  expect(lines.every((line) => line.startsWith('# ') && line.length <= 96)).toBe(true);
});
