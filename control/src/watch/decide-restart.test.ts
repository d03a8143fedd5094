import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideRestart, type EndedRun } from './decide-restart.ts';

const noon = Date.parse('2026-11-24T12:00:00.000Z');
const clause = { onFailure: 3, withinMs: 600_000 };
const ended: EndedRun = {
  desired: 'RUNNING',
  cause: 'RUN_KILLED',
  clause,
  failures: [],
  now: noon,
  chance: 1,
};
const ago = (seconds: number) => noon - seconds * 1000;
const { clause: _, ...silent } = ended;

const table: readonly (readonly [string, EndedRun, string])[] = [
  ['a failure is followed by a run after a second', ended, 'restart 1 in 1000 ms'],
  [
    'each further failure within the time waits twice as long',
    { ...ended, failures: [ago(100), ago(50)] },
    'restart 3 in 4000 ms',
  ],
  [
    'the failure after the last allowed one is a crash loop',
    { ...ended, failures: [ago(300), ago(100), ago(50)] },
    'give-up after 4 in 10 min',
  ],
  [
    'failures of long ago are forgiven',
    { ...ended, failures: [ago(900), ago(800), ago(600)] },
    'restart 1 in 1000 ms',
  ],
  [
    'no wait is longer than a minute',
    { ...ended, clause: { ...clause, onFailure: 20 }, failures: Array(15).fill(ago(1)) },
    'restart 16 in 60000 ms',
  ],
  ['chance shortens a wait to a half', { ...ended, chance: 0 }, 'restart 1 in 500 ms'],
  ['nothing follows when no run is wanted', { ...ended, desired: 'STOPPED' }, 'none'],
  [
    'nothing follows what the clause does not allow',
    { ...ended, clause: { ...clause, onFailure: 0 } },
    'none',
  ],
  ['without a clause a failure stays', silent, 'none'],
  [
    'without a clause a driver that went with its machine is followed by another',
    { ...silent, cause: 'RUN_LOST' },
    'restart 1 in 1000 ms',
  ],
  [
    'without a clause, too, a machine that ends every run is a crash loop',
    { ...silent, cause: 'RUN_LOST', failures: [5, 4, 3, 2, 1].map(ago) },
    'give-up after 6 in 10 min',
  ],
  [
    'a run that was stopped with its service goes on at once and counts as no failure',
    { ...silent, cause: 'RUN_PAUSED', failures: [5, 4, 3, 2, 1].map(ago) },
    'restart 0 in 0 ms',
  ],
  ['a job that read everything is not started again', { ...ended, cause: 'RUN_DRAINED' }, 'none'],
];

describe('the table of restarts', () => {
  test.each(table)('%s', (_title, run, expected) => {
    expect(describeDecision(run)).toBe(expected);
  });
});

test.each([
  'LEASE_HELD',
  'RUN_FENCED',
  'CHECKPOINT_SHARED',
  'CHECKPOINT_ALONE',
  'OUTPUT_ALONE',
  'SPEC_REFUSED',
  'CLUSTER_TOO_SMALL',
] as const)('%s needs people and is never tried again', (cause) => {
  expect(decideRestart({ ...ended, cause })).toEqual({ do: 'none' });
});

test('however runs fail, there are never more restarts within the time than the clause allows', () => {
  const program = fc.record({
    gaps: fc.array(fc.nat(300_000), { minLength: 1, maxLength: 60 }),
    onFailure: fc.nat(10),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(program, ({ gaps, onFailure, chance }) => {
      const failures: number[] = [];
      let now = noon;
      for (const gap of gaps) {
        now += gap;
        const run = { ...ended, now, chance, failures, clause: { ...clause, onFailure } };
        const decision = decideRestart(run);
        if (decision.do !== 'restart') break;
        failures.push(now);
        now = Math.max(now, Date.parse(decision.plan.at));
        const recent = failures.filter((at) => now - at < clause.withinMs);
        expect(recent.length).toBeLessThanOrEqual(onFailure);
      }
    }),
    { numRuns: 2000 },
  );
});

function describeDecision(run: EndedRun): string {
  const decision = decideRestart(run);
  if (decision.do === 'none') return 'none';
  if (decision.do === 'give-up')
    return `give-up after ${decision.count} in ${decision.minutes} min`;
  return `restart ${decision.plan.number} in ${Date.parse(decision.plan.at) - run.now} ms`;
}
