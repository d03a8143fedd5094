import { expect, test } from 'vitest';
import type { Reason } from '../errors/reason.ts';
import type { Observation } from '../executors/executor.ts';
import type { ObservedState } from '../store/run-state.ts';
import { makeCause } from './make-cause.ts';
import { type RunView, reconcile } from './reconcile.ts';

const noCores: Reason = { code: 'RUN_NOT_STARTED', parameters: { problem: 'no cores' } };
const noSight: Reason = { code: 'RUN_UNREACHABLE', parameters: { why: 'no answer' } };
const waits: Observation = { kind: 'running', waiting: noCores };
const ended: Observation = { kind: 'stopped', why: 'somebody did' };
const limits = {
  pollMs: 500,
  silenceMs: 15_000,
  objectPollMs: 5000,
  objectSilenceMs: 60_000,
  stopDeadlineMs: 60_000,
  killDelayMs: 10_000,
};
const stop = { requestedAt: '2026-11-24T12:00:00.000Z', deadlineAt: '2026-11-24T12:01:00.000Z' };

test('one that lives and cannot work moves to WAITING with the cause', () => {
  expect(decide({ state: 'RUNNING' }, waits)).toEqual({ do: 'move', to: 'WAITING', why: noCores });
});

test('one that still waits for the same is left alone', () => {
  expect(decide(waitingFor(noCores), waits)).toEqual({ do: 'none' });
});

test('one that waits for something else now gets the new cause', () => {
  expect(decide(waitingFor(noSight), waits)).toMatchObject({ do: 'move', why: noCores });
});

test('one that waited and works again moves to RUNNING', () => {
  expect(decide(waitingFor(noCores), { kind: 'running' })).toEqual({ do: 'move', to: 'RUNNING' });
});

test('one that works gets a note on what is wrong around it, once, and loses it again', () => {
  const noted: Observation = { kind: 'running', note: noSight };
  const running: Run = { state: 'RUNNING', cause: makeCause(noSight) };
  const move = { do: 'move', to: 'RUNNING', why: noSight };
  expect(decide({ state: 'RUNNING' }, noted)).toEqual(move);
  expect(decide(running, noted)).toEqual({ do: 'none' });
  expect(decide(running, { kind: 'running' })).toEqual({ do: 'move', to: 'RUNNING' });
});

test('one that cannot be reached is UNKNOWN for the cause that its executor names', () => {
  const seen: Observation = { kind: 'unreachable', why: 'no answer', cause: noCores };
  expect(decide({ state: 'RUNNING' }, seen)).toMatchObject({ to: 'UNKNOWN', why: noCores });
});

test('one that somebody else ended has failed', () => {
  const why = { code: 'RUN_ENDED_OUTSIDE', parameters: { why: 'somebody did' } };
  expect(decide({ state: 'RUNNING' }, ended)).toEqual({ do: 'end', as: 'FAILED', why });
});

test('one that was asked to stop and was then ended is stopped', () => {
  expect(decide({ state: 'STOPPING', stop }, ended)).toMatchObject({ do: 'end', as: 'STOPPED' });
});

test('one that AWS ended because its stop took too long says so, and names no signal', () => {
  const ending = { ...stop, terminatedAt: stop.requestedAt };
  expect(decide({ state: 'STOPPING', stop: ending }, ended)).toMatchObject({
    why: { code: 'RUN_STOPPED', parameters: { how: 'ending its run at AWS Glue' } },
  });
});

test('a failure that names its cause ends the run for that cause', () => {
  const failed: Observation = { kind: 'failed', why: noCores };
  expect(decide({ state: 'RUNNING' }, failed)).toEqual({ do: 'end', as: 'FAILED', why: noCores });
});

type Run = Omit<RunView['run'], 'pipeline'>;

function decide(run: Run, observation: Observation) {
  return reconcile({
    desired: run.stop ? 'STOPPED' : 'RUNNING',
    run: { pipeline: 'p', ...run },
    observation,
    silentForMs: 0,
    stopMarker: true,
    now: Date.parse(stop.requestedAt),
    limits,
  });
}

function waitingFor(reason: Reason): Run {
  const state: ObservedState = 'WAITING';
  return { state, cause: makeCause(reason) };
}
