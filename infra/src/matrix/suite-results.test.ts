import { expect, it } from 'vitest';
import { printMatrix } from './print-matrix.ts';
import { readSuiteResults } from './suite-results.ts';

const report = JSON.stringify({
  testResults: [
    file('one', 'passed', ['passed', 'passed']),
    file('two', 'failed', ['passed', 'failed']),
    file('three', 'failed', ['skipped']),
  ],
});

function file(name: string, status: string, tests: readonly string[]) {
  const assertionResults = tests.map((test) => ({ status: test }));
  return { name: `/p/${name}.ts`, status, assertionResults };
}

it('a file whose tests could not begin counts as failed', () => {
  expect(readSuiteResults(report, '/p')).toEqual({
    'one.ts': { passed: 2, failed: 0 },
    'two.ts': { passed: 1, failed: 1 },
    'three.ts': { passed: 0, failed: 1 },
  });
});

it('the page shows each file on each version, and what did not run', () => {
  const page = printMatrix({
    suites: { 'one.ts': 'first', 'two.ts': 'second', 'four.ts': 'fourth' },
    results: [
      { version: '4.1.1', passed: false, seconds: 61, suites: readSuiteResults(report, '/p') },
    ],
    commit: 'abc1234',
    at: new Date('2026-11-24T10:00:00Z'),
  });
  expect(page).toContain('on 2026-11-24 at commit abc1234');
  expect(page).toContain('| [first](../one.ts) | 2 passed |');
  expect(page).toContain('| [second](../two.ts) | **1 failed**, 1 passed |');
  expect(page).toContain('| seconds, all together | 61 |');
  expect(page).toContain('| [fourth](../four.ts) | did not run |');
});
