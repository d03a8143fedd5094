import { type JobRun, JobRunState } from '@aws-sdk/client-glue';
import { expect, test } from 'vitest';
import { mayHaveSuccessor, mayRun, observationOf } from './glue-run-state.ts';

const now = new Date('2026-01-01T12:00:00Z');
const waiting = { now, patienceMs: 60_000 };
const run = (state: string, more: Partial<JobRun> = {}) =>
  ({ Id: 'jr_1', JobRunState: state, ...more }) as JobRun;

test.each([
  ['STARTING', 'running'],
  ['RUNNING', 'running'],
  ['STOPPING', 'running'],
  ['WAITING', 'running'],
  ['SUCCEEDED', 'succeeded'],
  ['STOPPED', 'stopped'],
  ['FAILED', 'failed'],
  ['ERROR', 'failed'],
  ['TIMEOUT', 'failed'],
])('a run that AWS calls %s is %s', (state, kind) => {
  expect(observationOf(run(state), waiting).kind).toBe(kind);
});

test.each(Object.values(JobRunState))('the state %s of the SDK is known', (state) => {
  expect(observationOf(run(state), waiting).kind).not.toBe('unreachable');
});

test('a state that AWS adds later cannot be judged: neither a success nor an end', () => {
  const observation = observationOf(run('HIBERNATING'), waiting);
  expect(observation).toMatchObject({
    kind: 'unreachable',
    cause: { code: 'GLUE_STATE_UNKNOWN', parameters: { run: 'jr_1', state: 'HIBERNATING' } },
  });
  expect(mayRun(run('HIBERNATING'))).toBe(true);
});

test('a run that waits in the queue of the account says so', () => {
  const observation = observationOf(run('WAITING', { StateDetail: 'Max DPU reached' }), waiting);
  expect(observation).toEqual({
    kind: 'running',
    waiting: {
      code: 'GLUE_RUN_QUEUED',
      parameters: { run: 'jr_1', problem: 'Max DPU reached' },
    },
  });
});

test('the message of AWS is the reason of a failure', () => {
  const observation = observationOf(run('FAILED', { ErrorMessage: 'Exit status: 1.' }), waiting);
  expect(observation).toMatchObject({
    kind: 'failed',
    why: {
      code: 'GLUE_RUN_FAILED',
      parameters: { run: 'jr_1', state: 'FAILED', problem: 'Exit status: 1' },
    },
  });
});

test('a run that AWS ended for its maintenance is waited for, and is a failure when none follows', () => {
  const expired = (secondsAgo: number) =>
    run('EXPIRED', { CompletedOn: new Date(now.getTime() - 1000 * secondsAgo) });
  expect(observationOf(expired(30), waiting)).toMatchObject({
    kind: 'running',
    waiting: { code: 'GLUE_RUN_RESTARTING' },
  });
  expect(observationOf(expired(90), waiting)).toMatchObject({
    kind: 'failed',
    why: { parameters: { state: 'EXPIRED', problem: 'no other run followed it' } },
  });
});

test('only a run that AWS or nobody wished to end may have another in its place', () => {
  const states = Object.values(JobRunState).filter((state) => mayHaveSuccessor(run(state)));
  expect(states.sort()).toEqual(['ERROR', 'EXPIRED', 'FAILED', 'TIMEOUT']);
});
