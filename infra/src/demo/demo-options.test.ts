import { describe, expect, it } from 'vitest';
import { readDemoOptions } from './demo-options.ts';

describe('the command line of the demo', () => {
  it('runs until it is ended when no number of events is given', () => {
    expect(readDemoOptions([])).toEqual({ events: undefined, rate: 200, target: 'local' });
  });

  it('produces a given number of events within about ten seconds', () => {
    expect(readDemoOptions(['--events', '20000'])).toMatchObject({ events: 20_000, rate: 2000 });
    expect(readDemoOptions(['--events', '50'])).toMatchObject({ events: 50, rate: 200 });
  });

  it('takes a rate', () => {
    expect(readDemoOptions(['--events', '50', '--rate', '5']).rate).toBe(5);
  });

  it('takes a target', () => {
    expect(readDemoOptions(['--target', 'standalone']).target).toBe('standalone');
  });

  it.each([
    ['--target', 'glue'],
    ['--events', '0'],
    ['--events', '-3'],
    ['--events', '1.5'],
    ['--events', 'many'],
    ['--rate', ''],
    ['--evnts', '3'],
    ['stray'],
  ])('refuses %s %s and says what it takes', (...words) => {
    expect(() => readDemoOptions(words)).toThrow(/--events N/);
  });
});
