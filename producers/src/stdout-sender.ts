import type { Writable } from 'node:stream';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { InFlight } from './in-flight.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';

const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Opens a sender that writes the events' values, one a line, to standard output. A slow reader slows it down;
 * one that goes away (as `head` does) fails it with READER_GONE.
 */
export function openStdoutSender(output: Writable = process.stdout): EventSender {
  return new StdoutSender(output);
}

class StdoutSender implements EventSender {
  readonly #output: Writable;
  readonly #inFlight = new InFlight(MAX_WAITING_BYTES);
  #failure: ProducerError | undefined;

  constructor(output: Writable) {
    this.#output = output;
    output.on('error', this.#fail);
  }

  ready(): Promise<void> {
    return this.#inFlight.ready();
  }

  send(events: readonly OutgoingEvent[]): Promise<void> {
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    const text = events.map((event) => `${event.value}\n`).join('');
    this.#inFlight.add(text.length);
    return new Promise((resolve, reject) => {
      // Called when the system has taken the bytes, so a reader that waits makes ready() wait.
      this.#output.write(text, (error) => {
        this.#inFlight.remove(text.length);
        if (error === null || error === undefined) {
          resolve();
        } else {
          reject(this.#fail(error));
        }
      });
    });
  }

  async flush(): Promise<void> {
    await this.#inFlight.empty();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }

  /** Leaves the stream open, because it belongs to the process. */
  async close(): Promise<void> {
    await this.#inFlight.empty();
    this.#failure ??= new ProducerError('CLOSED');
  }

  readonly #fail = (error: Error): ProducerError => {
    const gone =
      'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
    this.#failure ??= gone
      ? new ProducerError('READER_GONE')
      : new ProducerError('OUTPUT_FAILED', { problem: describeProblem(error) });
    return this.#failure;
  };
}
