import { expect, it } from 'vitest';
import { ProducerError } from '../producer-errors.ts';
import { type CollectionSettings, startCollection } from './collect-on-schedule.ts';
import type { Collected } from './collect-snapshot.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { createSteppedClock } from './stepped-clock.ts';

const INTERVAL = 300_000;

it('takes one at once and then one each interval, however long each takes', async () => {
  const { clock, turns, run } = plan((at) => {
    clock.pass(at === 0 ? 200_000 : 17);
    return snapshotAt(at);
  });
  await run({ count: 4 });
  expect(turns).toEqual([0, INTERVAL, 2 * INTERVAL, 3 * INTERVAL]);
});

it('leaves out the turns that it came too late for, without moving the others', async () => {
  const { clock, turns, run } = plan((at) => {
    clock.pass(at === 0 ? 2.5 * INTERVAL : 0);
    return snapshotAt(at);
  });
  await run({ count: 3 });
  expect(turns).toEqual([0, 3 * INTERVAL, 4 * INTERVAL]);
});

it('goes on after a turn without a snapshot, not before the API wants it, and says in the end how many are missing', async () => {
  const { turns, run } = plan((at) => (at === 0 ? failedFor(3_000_000) : snapshotAt(at)));
  const failures: string[] = [];
  await expect(
    run({ count: 3, onFailure: (failure) => failures.push(failure.code) }),
  ).rejects.toMatchObject({
    code: 'SNAPSHOTS_MISSED',
    message: '1 of 3 snapshots could not be taken. All must be taken.',
  });
  expect(turns).toEqual([0, 10 * INTERVAL, 11 * INTERVAL]);
  expect(failures).toEqual(['MARKETS_AWAY']);
});

it('takes the first one later when it is told so, and the others an interval after it', async () => {
  const { turns, run } = plan(snapshotAt);
  await run({ count: 2, startAfterMs: 1000 });
  expect(turns).toEqual([1000, INTERVAL + 1000]);
});

it('leaves a tenth of the interval for storing', async () => {
  const times: number[] = [];
  const { run } = plan(snapshotAt);
  await run({
    count: 1,
    collect: (at, timeMs) => {
      times.push(timeMs);
      return Promise.resolve(snapshotAt(at.getTime()));
    },
  });
  expect(times).toEqual([270_000]);
});

it('stores the snapshot in hand when stopped, and takes no other', async () => {
  const stop = new AbortController();
  const storing = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<'written'>();
  const store: SnapshotStore = {
    put: () => {
      storing.resolve();
      return stored.promise;
    },
    close: () => Promise.resolve(),
  };
  const { settings, turns } = plan(snapshotAt);
  const collection = startCollection({ ...settings, store, stop: stop.signal });
  await storing.promise;
  stop.abort();
  expect(collection.counts()).toEqual({ sent: 1, acked: 0, failed: 0 });
  stored.resolve('written');
  await collection.done;
  expect(collection.counts()).toEqual({ sent: 1, acked: 1, failed: 0 });
  expect(turns).toEqual([0]);
});

it('ends well when stopped while collecting, even if an earlier turn had failed', async () => {
  const stop = new AbortController();
  const { run } = plan((at) => {
    if (at === 0) {
      return failedFor(0);
    }
    stop.abort();
    return { kind: 'stopped' };
  });
  await run({ stop: stop.signal, count: 2 });
});

it('ends with the error of a store that fails', async () => {
  const failure = new ProducerError('CLOSED');
  const { settings } = plan(snapshotAt);
  const store = { put: () => Promise.reject(failure), close: () => Promise.resolve() };
  const collection = startCollection({ ...settings, store });
  await expect(collection.done).rejects.toBe(failure);
  expect(collection.counts()).toEqual({ sent: 1, acked: 0, failed: 1 });
});

it('gives a snapshot whose name is taken the next free one', async () => {
  const names = new Set(['crypto_19700101000000.json', 'crypto_19700101000000-2.json']);
  const store: SnapshotStore = {
    put: (name) => Promise.resolve(names.has(name) ? 'taken' : 'written'),
    close: () => Promise.resolve(),
  };
  const stored: string[] = [];
  const { run } = plan(snapshotAt);
  await run({ count: 2, store, onStored: (name) => stored.push(name) });
  expect(stored).toEqual(['crypto_19700101000000-3.json', 'crypto_19700101000500.json']);
});

/** Turns at times counted from 1970; the wall clock is the stepped one. */
function plan(outcomeAt: (at: number) => Collected) {
  const clock = createSteppedClock();
  const turns: number[] = [];
  const store: SnapshotStore = {
    put: () => Promise.resolve('written'),
    close: () => Promise.resolve(),
  };
  const settings: CollectionSettings = {
    collect: (at) => {
      turns.push(at.getTime());
      return Promise.resolve(outcomeAt(at.getTime()));
    },
    store,
    intervalMs: INTERVAL,
    stop: new AbortController().signal,
    clock,
    wallClock: clock.now,
  };
  const run = (more: Partial<CollectionSettings>): Promise<void> =>
    startCollection({ ...settings, ...more }).done;
  return { clock, turns, settings, run };
}

function snapshotAt(at: number): Collected {
  return { kind: 'snapshot', snapshot: { at: new Date(at), coins: 1, body: '{"results":[]}' } };
}

function failedFor(waitMs: number): Collected {
  return { kind: 'failed', failure: new ProducerError('MARKETS_AWAY'), waitMs };
}
