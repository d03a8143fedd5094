import { randomUUID } from 'node:crypto';
import { type BucketSettings, openSnapshotBucket } from './crypto-markets/snapshot-bucket.ts';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { ProducerError } from './producer-errors.ts';

/**
 * Opens a sender that writes the events of each send, one value a line, to an object of its own:
 * `<prefix><name>-<run>-<number>.jsonl`. An event is acknowledged when its object is there.
 */
export function openBucketSender(settings: BucketSettings, name: string): EventSender {
  const store = openSnapshotBucket(settings);
  const run = randomUUID().slice(0, 8);
  let number = 0;
  let failure: unknown;
  let last: Promise<unknown> = Promise.resolve();
  const put = async (events: readonly OutgoingEvent[]): Promise<void> => {
    if (failure !== undefined) {
      throw failure;
    }
    number += 1;
    const key = `${name}-${run}-${String(number).padStart(6, '0')}.jsonl`;
    try {
      const outcome = await store.put(key, events.map((event) => `${event.value}\n`).join(''));
      if (outcome === 'taken') {
        throw new ProducerError('NAMES_TAKEN', { name: key, number: 0 });
      }
    } catch (caught) {
      failure = caught;
      throw caught;
    }
  };
  const settle = (): Promise<unknown> => last.catch(() => undefined);
  return Object.freeze({
    // One object at a time: what is read ahead waits here.
    ready: async () => {
      await settle();
    },
    send: (events: readonly OutgoingEvent[]) => {
      const sent = last.catch(() => undefined).then(() => put(events));
      last = sent;
      return sent;
    },
    flush: async () => {
      await last;
    },
    close: async () => {
      await settle();
      failure ??= new ProducerError('CLOSED');
      await store.close();
    },
  });
}
