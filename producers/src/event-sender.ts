/** One event on its way out. `value` is one line of text, JSON for all producers of this project. */
export interface OutgoingEvent {
  readonly key: string;
  readonly value: string;
}

/**
 * Where events go. A sender that has failed once stays failed: every later send rejects with the first error,
 * because an event sent after a lost one would hide the gap.
 */
export interface EventSender {
  /** Resolves when there is room for more. Not waiting for it is allowed but fills memory. */
  ready(): Promise<void>;
  /** Resolves when all these events are acknowledged; rejects with a ProducerError when one is not. */
  send(events: readonly OutgoingEvent[]): Promise<void>;
  /** Resolves when everything sent before is acknowledged; rejects with the first error. */
  flush(): Promise<void>;
  /** Flushes what it can and lets go of connections and files. Never rejects; may be called twice. */
  close(): Promise<void>;
}
