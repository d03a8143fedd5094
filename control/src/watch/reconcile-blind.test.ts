import { expect, test } from 'vitest';
import type { Reason } from '../errors/reason.ts';
import type { Observation } from '../executors/executor.ts';
import { type RunView, reconcile } from './reconcile.ts';

const expired: Reason = {
  code: 'AWS_CREDENTIALS_REFUSED',
  parameters: { service: 'S3', problem: 'ExpiredToken' },
};
const unknown = { do: 'move', to: 'UNKNOWN', why: expired };
const running: Observation = { kind: 'running' };
const limits = {
  ...{ pollMs: 500, silenceMs: 15_000, objectPollMs: 5000, objectSilenceMs: 60_000 },
  ...{ stopDeadlineMs: 60_000, killDelayMs: 10_000 },
};
const noon = Date.parse('2026-11-24T12:00:00.000Z');

test.each<readonly [string, Observation]>([
  ['lives', running],
  ['failed', { kind: 'failed', exitCode: 1 }],
  ['ended', { kind: 'succeeded' }],
  ['is gone', { kind: 'gone', why: 'not there' }],
  ['waits', { kind: 'running', waiting: { code: 'RUN_SILENT', parameters: {} } }],
])('a run whose driver %s and whose signs cannot be read is UNKNOWN for that cause', (_, seen) => {
  expect(decide(seen, {})).toEqual(unknown);
});

test('a run that has no driver yet is started all the same', () => {
  expect(decide(undefined, {})).toEqual({ do: 'launch' });
});

test('a driver that cannot be seen either is UNKNOWN for its own cause', () => {
  const seen: Observation = { kind: 'unreachable', why: 'no answer' };
  expect(decide(seen, {})).toMatchObject({ to: 'UNKNOWN', why: { code: 'RUN_UNREACHABLE' } });
});

test('a stop goes on: its marker is tried again, and after the deadline comes the signal', () => {
  expect(decide(running, {}, 'STOPPED')).toEqual({ do: 'request-stop' });
  expect(decide(running, stopUntil(noon + 1))).toEqual({ do: 'request-stop' });
  expect(decide(running, stopUntil(noon))).toEqual({ do: 'terminate' });
});

test('what a signal ended has ended, and needs no signs for it', () => {
  const stop = { ...stopUntil(noon).stop, terminatedAt: new Date(noon).toISOString() };
  const seen: Observation = { kind: 'failed', exitCode: 143 };
  expect(decide(seen, { stop })).toMatchObject({ do: 'end', as: 'STOPPED' });
});

test('what ended after a marker is judged when its last word can be read', () => {
  expect(decide({ kind: 'failed', exitCode: 1 }, stopUntil(noon + 1))).toEqual(unknown);
});

function stopUntil(deadline: number) {
  const requestedAt = new Date(noon - 1000).toISOString();
  return { stop: { requestedAt, deadlineAt: new Date(deadline).toISOString() } };
}

function decide(
  observation: Observation | undefined,
  run: Pick<RunView['run'], 'stop'>,
  desired: RunView['desired'] = run.stop ? 'STOPPED' : 'RUNNING',
) {
  return reconcile({
    desired,
    run: { pipeline: 'p', state: 'RUNNING', ...run },
    ...(observation ? { observation } : {}),
    stopMarker: false,
    blind: expired,
    now: noon,
    limits,
  });
}
