import type { OutgoingEvent } from './event-sender.ts';

/** Bytes that Kafka's record format puts around a key and a value, rounded up (KIP-98, message format v2). */
const BYTES_AROUND_EVENT = 24;

export interface EventBatch {
  readonly events: readonly OutgoingEvent[];
  readonly bytes: number;
}

export interface BatchLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Cuts events, in order, into batches within both limits; an event that is larger alone is a batch of its own. */
export function splitEvents(
  events: readonly OutgoingEvent[],
  limits: BatchLimits,
): readonly EventBatch[] {
  const batches: EventBatch[] = [];
  let start = 0;
  let bytes = 0;
  events.forEach((event, index) => {
    const size = measureEvent(event);
    const full = index - start >= limits.maxEvents || bytes + size > limits.maxBytes;
    if (full && index > start) {
      batches.push({ events: events.slice(start, index), bytes });
      start = index;
      bytes = 0;
    }
    bytes += size;
  });
  if (start < events.length) {
    batches.push({ events: start === 0 ? events : events.slice(start), bytes });
  }
  return batches;
}

function measureEvent(event: OutgoingEvent): number {
  return Buffer.byteLength(event.key) + Buffer.byteLength(event.value) + BYTES_AROUND_EVENT;
}
