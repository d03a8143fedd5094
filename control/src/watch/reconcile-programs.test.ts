import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation } from '../executors/executor.ts';
import type { DesiredState, ObservedState } from '../store/run-state.ts';
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

const anyState = fc.constantFrom<ObservedState>('STARTING', 'RUNNING', 'STOPPING', 'UNKNOWN');
const anyDesired = fc.constantFrom<DesiredState>('RUNNING', 'STOPPED');
const anyObservation = fc.constantFrom<Observation>(
  running,
  { kind: 'succeeded' },
  { kind: 'failed', exitCode: 1 },
  { kind: 'gone', why: 'x' },
  { kind: 'unreachable', why: 'x' },
);
const anyTime = fc.integer({ min: -100_000, max: 100_000 }).map(ago);
const anyStop = fc.record(
  { requestedAt: anyTime, deadlineAt: anyTime, terminatedAt: anyTime, forcedAt: anyTime },
  { requiredKeys: ['requestedAt', 'deadlineAt'] },
);

test('whatever is seen, no driver is started beside one that has a handle, and only a seen end ends a run', () => {
  const anyView = fc.record(
    {
      desired: anyDesired,
      state: anyState,
      observation: anyObservation,
      stop: anyStop,
      silentForMs: fc.nat(40_000),
      stopMarker: fc.boolean(),
    },
    { requiredKeys: ['desired', 'state', 'stopMarker'] },
  );
  fc.assert(
    fc.property(anyView, ({ state, stop, ...view }) => {
      const action = reconcile({
        ...base(),
        ...inState(state, stop as StopRecord | undefined),
        ...(view as object),
      });
      const { observation } = view;
      if (action.do === 'launch' || action.do === 'find-or-end')
        expect(observation).toBeUndefined();
      if (action.do === 'end') expect(['succeeded', 'failed', 'gone']).toContain(observation?.kind);
      if (action.do === 'terminate' || action.do === 'force') {
        expect(stop).toBeDefined();
        expect(observation?.kind).toBe('running');
      }
      if (action.do === 'move') expect(action.to).not.toBe(state);
    }),
    { numRuns: 5000 },
  );
});

test('any program of events ends a stopped run within marker, SIGTERM and SIGKILL, whatever the driver ignores', () => {
  const anyDriver = fc.record({
    obeysMarker: fc.boolean(),
    obeysTerm: fc.boolean(),
    jumpMs: fc.nat(30_000),
  });
  fc.assert(
    fc.property(anyDriver, (driver) => {
      const { actions, ended } = playStop(driver);
      expect(ended).toBe('STOPPED');
      const expected = driver.obeysMarker ? 0 : driver.obeysTerm ? 1 : 2;
      const signals = actions.filter((action) => action === 'terminate' || action === 'force');
      expect(new Set(signals).size).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

interface Driver {
  readonly obeysMarker: boolean;
  readonly obeysTerm: boolean;
  readonly jumpMs: number;
}

/** Lets the reconciler stop a driver and does to the driver what it decides. */
function playStop(driver: Driver): { actions: string[]; ended: string } {
  const world = {
    view: {
      ...base(),
      ...inState('RUNNING'),
      desired: 'STOPPED',
      observation: running,
      silentForMs: 0,
    } as RunView,
  };
  const actions: string[] = [];
  for (let round = 0; round < 1000; round += 1) {
    const now = world.view.now + 500 + driver.jumpMs;
    const action = reconcile({ ...world.view, now });
    actions.push(action.do);
    if (action.do === 'end') return { actions, ended: action.as };
    world.view = { ...world.view, now, ...apply(action, { ...world.view, now }, driver) };
  }
  return { actions, ended: 'never' };
}

function apply(action: RunAction, { run, now }: RunView, driver: Driver): Partial<RunView> {
  const at = new Date(now).toISOString();
  const deadlineAt = new Date(now + limits.stopDeadlineMs).toISOString();
  const stop = run.stop ?? { requestedAt: at, deadlineAt };
  switch (action.do) {
    case 'move':
      return { run: { ...run, state: action.to } };
    case 'request-stop':
      return {
        run: { ...run, state: 'STOPPING', stop },
        stopMarker: true,
        observation: driver.obeysMarker ? { kind: 'succeeded' } : running,
      };
    case 'terminate':
      return {
        run: { ...run, stop: { ...stop, terminatedAt: at } },
        observation: driver.obeysTerm ? { kind: 'failed', exitCode: 143 } : running,
      };
    case 'force':
      return {
        run: { ...run, stop: { ...stop, forcedAt: at } },
        observation: { kind: 'gone', why: 'killed' },
      };
    default:
      return {};
  }
}

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
