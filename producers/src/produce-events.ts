import { AckedPrefix } from './acked-prefix.ts';
import type { EventRecord } from './event-record.ts';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { type Clock, pace, type Rate, systemClock } from './pace.ts';

/** Counts of events. While it runs, sent is acked + failed + those under way. */
export interface EventCounts {
  readonly sent: number;
  readonly acked: number;
  /** Not acknowledged; some of them may have arrived all the same. */
  readonly failed: number;
}

export interface Production {
  readonly nextEvent: () => OutgoingEvent;
  readonly sender: EventSender;
  readonly rate: Rate;
  /** Ends by itself after so many events; endless when absent. */
  readonly count?: number | undefined;
  readonly record?: EventRecord | undefined;
  /** Aborted to stop making events; those already made are still sent. */
  readonly stop: AbortSignal;
  readonly clock?: Clock;
}

/** A production that is under way. */
export interface RunningProduction {
  readonly counts: () => EventCounts;
  /** How many events from the first on are acknowledged, and recorded, without a gap. */
  readonly ackedPrefix: () => number;
  /** Resolves when all events made are acknowledged; rejects with the first error, after all have settled. */
  readonly done: Promise<void>;
}

/** Starts making events, sending them and recording what is acknowledged. Does not close the sender. */
export function startProduction(production: Production): RunningProduction {
  const tally = { sent: 0, acked: 0, failed: 0, prefix: new AckedPrefix() };
  return Object.freeze({
    counts: () => ({ sent: tally.sent, acked: tally.acked, failed: tally.failed }),
    ackedPrefix: () => tally.prefix.length,
    done: runProduction(production, tally),
  });
}

type Tally = { -readonly [Name in keyof EventCounts]: EventCounts[Name] } & {
  readonly prefix: AckedPrefix;
};

async function runProduction(production: Production, tally: Tally): Promise<void> {
  const { sender, rate, stop, clock = systemClock } = production;
  const failed = new AbortController();
  const underWay = new Set<Promise<void>>();
  let left = production.count ?? Number.POSITIVE_INFINITY;
  for await (const due of pace(rate, AbortSignal.any([stop, failed.signal]), clock)) {
    const events = Array.from({ length: Math.min(due, left) }, production.nextEvent);
    left -= events.length;
    const settled = sendCounted(production, events, tally).catch((failure: unknown) => {
      failed.abort(failure);
    });
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
    if (left === 0) {
      break;
    }
    await sender.ready();
  }
  await sender.flush().catch((failure: unknown) => failed.abort(failure));
  await Promise.all(underWay);
  failed.signal.throwIfAborted();
}

/** An event is counted as acknowledged only when it is recorded too, so that the record never lags the count. */
async function sendCounted(
  production: Production,
  events: readonly OutgoingEvent[],
  tally: Tally,
): Promise<void> {
  const start = tally.sent;
  tally.sent += events.length;
  try {
    await production.sender.send(events);
  } catch (failure) {
    tally.failed += events.length;
    throw failure;
  }
  production.record?.append(events);
  tally.acked += events.length;
  tally.prefix.add(start, events.length);
}
