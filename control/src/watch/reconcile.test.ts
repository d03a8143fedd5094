import { describe, expect, test } from 'vitest';
import type { Observation } from '../executors/executor.ts';
import type { ObservedState } from '../store/run-state.ts';
import type { StopRecord } from '../store/run-store.ts';
import { type RunAction, type RunView, reconcile } from './reconcile.ts';

const limits = {
  pollMs: 500,
  silenceMs: 15_000,
  objectPollMs: 5000,
  objectSilenceMs: 60_000,
  stopDeadlineMs: 60_000,
  killDelayMs: 10_000,
};
const noon = Date.parse('2026-11-24T12:00:00.000Z');
const ago = (ms: number) => new Date(noon - ms).toISOString();
const running: Observation = { kind: 'running' };
const stopAsked: StopRecord = { requestedAt: ago(1000), deadlineAt: ago(-59_000) };

/** One line a case: what is wanted, what is seen, what follows. */
const table: readonly [string, Partial<RunView>, RunAction['do'] | `${string} ${string}`][] = [
  ['an intent without a driver is launched', { desired: 'RUNNING' }, 'launch'],
  ['an intent that is no longer wanted is looked for', { desired: 'STOPPED' }, 'find-or-end'],
  ['a driver without a sign stays STARTING', { observation: running }, 'none'],
  [
    'a driver with a fresh sign moves to RUNNING',
    { observation: running, silentForMs: 10 },
    'move RUNNING',
  ],
  [
    'a running one with a fresh sign is left alone',
    { ...inState('RUNNING'), observation: running, silentForMs: 10 },
    'none',
  ],
  [
    'a silent one moves to UNKNOWN',
    { ...inState('RUNNING'), observation: running, silentForMs: 15_001 },
    'move UNKNOWN',
  ],
  [
    'a silent one that speaks again moves to RUNNING',
    { ...inState('UNKNOWN'), observation: running, silentForMs: 0 },
    'move RUNNING',
  ],
  [
    'one that cannot be reached moves to UNKNOWN',
    { ...inState('RUNNING'), observation: { kind: 'unreachable', why: 'x' } },
    'move UNKNOWN',
  ],
  [
    'one that still cannot be reached is left alone',
    { ...inState('UNKNOWN'), observation: { kind: 'unreachable', why: 'x' } },
    'none',
  ],
  [
    'a stop of one that cannot be reached waits',
    {
      ...inState('STOPPING', stopAsked),
      desired: 'STOPPED',
      observation: { kind: 'unreachable', why: 'x' },
    },
    'move UNKNOWN',
  ],
  [
    'an unwanted driver is asked to stop',
    { ...inState('RUNNING'), desired: 'STOPPED', observation: running },
    'request-stop',
  ],
  [
    'a marker that a crash has lost is written again',
    { ...inState('STOPPING', stopAsked), desired: 'STOPPED', observation: running },
    'request-stop',
  ],
  [
    'a stop before its deadline waits',
    {
      ...inState('STOPPING', stopAsked),
      desired: 'STOPPED',
      observation: running,
      stopMarker: true,
    },
    'none',
  ],
  [
    'a stop after its deadline terminates',
    {
      ...inState('STOPPING', { ...stopAsked, deadlineAt: ago(0) }),
      desired: 'STOPPED',
      observation: running,
      stopMarker: true,
    },
    'terminate',
  ],
  [
    'a terminated driver gets its time',
    {
      ...inState('STOPPING', { ...stopAsked, terminatedAt: ago(9_999) }),
      desired: 'STOPPED',
      observation: running,
      stopMarker: true,
    },
    'none',
  ],
  [
    'a terminated driver that stays is forced',
    {
      ...inState('STOPPING', { ...stopAsked, terminatedAt: ago(10_000) }),
      desired: 'STOPPED',
      observation: running,
      stopMarker: true,
    },
    'force',
  ],
  [
    'a forced driver that stays is forced again',
    {
      ...inState('STOPPING', { ...stopAsked, terminatedAt: ago(30_000), forcedAt: ago(10_000) }),
      desired: 'STOPPED',
      observation: running,
      stopMarker: true,
    },
    'force',
  ],
  [
    'an end after the marker is STOPPED',
    { ...inState('STOPPING', stopAsked), desired: 'STOPPED', observation: { kind: 'succeeded' } },
    'end STOPPED RUN_STOPPED',
  ],
  [
    'an end by SIGTERM is STOPPED',
    {
      ...inState('STOPPING', { ...stopAsked, terminatedAt: ago(1) }),
      desired: 'STOPPED',
      observation: { kind: 'failed', exitCode: 143 },
    },
    'end STOPPED RUN_STOPPED',
  ],
  [
    'an end by SIGKILL is STOPPED',
    {
      ...inState('STOPPING', { ...stopAsked, terminatedAt: ago(9), forcedAt: ago(1) }),
      desired: 'STOPPED',
      observation: { kind: 'gone', why: 'x' },
    },
    'end STOPPED RUN_STOPPED',
  ],
  [
    'a failure while stopping by marker is FAILED',
    {
      ...inState('STOPPING', stopAsked),
      desired: 'STOPPED',
      observation: { kind: 'failed', exitCode: 1 },
    },
    'end FAILED RUN_FAILED',
  ],
  [
    'a failure is FAILED',
    { ...inState('RUNNING'), observation: { kind: 'failed', exitCode: 1 } },
    'end FAILED RUN_FAILED',
  ],
  [
    'a driver that was refused its lease is FAILED for that',
    { ...inState('STARTING'), observation: { kind: 'failed', exitCode: 77 } },
    'end FAILED LEASE_HELD',
  ],
  [
    'a driver that lost its lease is FAILED for that',
    { ...inState('RUNNING'), observation: { kind: 'failed', exitCode: 76 } },
    'end FAILED RUN_FENCED',
  ],
  [
    'a last word about the lease counts more than how the driver went',
    {
      ...inState('UNKNOWN'),
      observation: { kind: 'gone', why: 'x' },
      end: { run: 'r', at: ago(0), outcome: 'fenced', holder: 'run-2' },
    },
    'end FAILED RUN_FENCED',
  ],
  [
    'an end by a signal of others is FAILED',
    { ...inState('RUNNING'), observation: { kind: 'failed', exitCode: 137 } },
    'end FAILED RUN_KILLED',
  ],
  [
    'exit 0 without being asked is FAILED',
    { ...inState('RUNNING'), observation: { kind: 'succeeded' } },
    'end FAILED RUN_ENDED_UNASKED',
  ],
  [
    'exit 0 of a job that read everything is STOPPED',
    {
      ...inState('RUNNING'),
      observation: { kind: 'succeeded' },
      end: { run: 'r', at: ago(0), outcome: 'finished' },
    },
    'end STOPPED RUN_DRAINED',
  ],
  [
    'a driver that is gone is FAILED',
    { ...inState('RUNNING'), observation: { kind: 'gone', why: 'x' } },
    'end FAILED RUN_VANISHED',
  ],
  [
    'a run that has ended is left alone',
    { run: { state: 'FAILED', endedAt: ago(1), pipeline: 'p' }, observation: running },
    'none',
  ],
];

describe('the table of decisions', () => {
  test.each(table)('%s', (_, view, expected) => {
    expect(describeAction(reconcile({ ...base(), ...view }))).toBe(expected);
  });
});

function base(): RunView {
  return {
    desired: 'RUNNING',
    run: { state: 'STARTING', pipeline: 'p' },
    stopMarker: false,
    now: noon,
    limits,
  };
}

function inState(state: ObservedState, stop?: StopRecord): Pick<RunView, 'run'> {
  return { run: { state, pipeline: 'p', ...(stop ? { stop } : {}) } };
}

function describeAction(action: RunAction): string {
  if (action.do === 'move') return `move ${action.to}`;
  return action.do === 'end' ? `end ${action.as} ${action.why.code}` : action.do;
}
