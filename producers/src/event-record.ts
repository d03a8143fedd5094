import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OutgoingEvent } from './event-sender.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';

/** A file that gets the value of each acknowledged event as a line, in the order of acknowledgement. */
export interface EventRecord {
  /** The lines are in the file, though not yet safe from a power cut, when this returns. Throws RECORD_FAILED. */
  append(events: readonly OutgoingEvent[]): void;
  /** Brings the file to the disk and closes it. Throws RECORD_FAILED. */
  close(): void;
}

/** Opens a record for appending. Throws RECORD_FAILED when the file cannot be written. */
export function openEventRecord(path: string): EventRecord {
  const file = resolve(path);
  const orFail = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (caught) {
      throw new ProducerError('RECORD_FAILED', { file, problem: describeProblem(caught) });
    }
  };
  const descriptor = orFail(() => openSync(file, 'a'));
  return Object.freeze({
    // Written in one go, so that an event counted as acknowledged is already recorded whatever comes next.
    append: (events: readonly OutgoingEvent[]) =>
      orFail(() => appendFileSync(descriptor, events.map((event) => `${event.value}\n`).join(''))),
    close: () =>
      orFail(() => {
        fsyncSync(descriptor);
        closeSync(descriptor);
      }),
  });
}
