import { type Clock, systemClock } from '../pace.ts';
import type { EventCounts } from '../produce-events.ts';
import { ProducerError } from '../producer-errors.ts';
import type { Collected, Snapshot } from './collect-snapshot.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { storeSnapshot } from './store-snapshot.ts';

/** A timer takes at most 2^31 ms. */
const LONGEST_SLEEP_MS = 60_000;
/** The rest of the interval is for writing, so that one that was hard to get does not cost the next its turn. */
const SHARE_FOR_COLLECTING = 0.9;

export interface CollectionSettings {
  /** Collects one snapshot that bears the time `at`, within so many milliseconds. */
  readonly collect: (at: Date, timeMs: number) => Promise<Collected>;
  readonly store: SnapshotStore;
  readonly intervalMs: number;
  /** The first turn comes so many milliseconds later, at once when absent. */
  readonly startAfterMs?: number | undefined;
  /** Ends by itself after so many turns; endless when absent. */
  readonly count?: number | undefined;
  /** Aborted to begin nothing more; a snapshot that is being stored is stored. */
  readonly stop: AbortSignal;
  readonly onStored?: ((name: string, snapshot: Snapshot) => void) | undefined;
  /** Told why a turn gave no snapshot; the next turn comes all the same. */
  readonly onFailure?: ((failure: ProducerError) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds since 1970. */
  readonly wallClock?: (() => number) | undefined;
}

/** A collection that is under way. It counts snapshots: sent are those being stored, acked or failed. */
export interface RunningCollection {
  readonly counts: () => EventCounts;
  /**
   * Resolves when stopped or when all turns are done. Rejects with the first error of the store, or with
   * SNAPSHOTS_MISSED when all turns are done and some gave no snapshot.
   */
  readonly done: Promise<void>;
}

/**
 * Takes a snapshot at once, unless told to wait, and then one each interval. Turns are counted from the start on a monotonic clock, so they
 * do not drift; one that would be late, or before the API wants to be asked again, is left out.
 */
export function startCollection(settings: CollectionSettings): RunningCollection {
  const tally = { sent: 0, acked: 0, failed: 0 };
  return Object.freeze({ counts: () => ({ ...tally }), done: runTurns(settings, tally) });
}

type Tally = { -readonly [Name in keyof EventCounts]: EventCounts[Name] };

async function runTurns(settings: CollectionSettings, tally: Tally): Promise<void> {
  const { intervalMs, stop, clock = systemClock } = settings;
  const { count = Number.POSITIVE_INFINITY } = settings;
  const start = clock.now() + (settings.startAfterMs ?? 0);
  let turn = 0;
  for (let taken = 0; taken < count; taken += 1) {
    await sleepUntil(start + turn * intervalMs, clock, stop);
    if (stop.aborted) {
      return;
    }
    const waitMs = await takeTurn(settings, tally);
    const free = clock.now() + waitMs - start;
    turn = Math.max(turn + 1, Math.ceil(free / intervalMs));
  }
  if (tally.failed > 0 && !stop.aborted) {
    throw new ProducerError('SNAPSHOTS_MISSED', { failed: tally.failed, count });
  }
}

/** Returns for how long, in milliseconds, the API wants to be left alone. */
async function takeTurn(settings: CollectionSettings, tally: Tally): Promise<number> {
  const { collect, intervalMs, wallClock = Date.now } = settings;
  const collected = await collect(new Date(wallClock()), intervalMs * SHARE_FOR_COLLECTING);
  switch (collected.kind) {
    case 'stopped':
      return 0;
    case 'failed':
      tally.sent += 1;
      tally.failed += 1;
      settings.onFailure?.(collected.failure);
      return collected.waitMs;
    case 'snapshot':
      await storeCounted(settings, collected.snapshot, tally);
      return 0;
  }
}

async function storeCounted(
  settings: CollectionSettings,
  snapshot: Snapshot,
  tally: Tally,
): Promise<void> {
  tally.sent += 1;
  try {
    const name = await storeSnapshot(settings.store, snapshot);
    tally.acked += 1;
    settings.onStored?.(name, snapshot);
  } catch (caught) {
    tally.failed += 1;
    throw caught;
  }
}

/** A timer may ring a little early, and a stop ends every sleep. */
async function sleepUntil(due: number, clock: Clock, stop: AbortSignal): Promise<void> {
  while (!stop.aborted && clock.now() < due) {
    await clock.sleep(Math.min(Math.ceil(due - clock.now()), LONGEST_SLEEP_MS), stop);
  }
}
