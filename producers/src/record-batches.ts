import type { OutgoingEvent } from './event-sender.ts';
import type { KafkaLink } from './kafka-link.ts';
import type { RecordBatch } from './request-lane.ts';

/** Bytes that Kafka's record format puts around a key and a value, rounded up (KIP-98, message format v2). */
const BYTES_AROUND_RECORD = 24;

export interface Splitting {
  readonly link: Pick<KafkaLink, 'lanes' | 'laneOf'>;
  /** A record that is larger alone is a batch of its own. */
  readonly maxBytes: number;
}

export interface LaneBatch extends RecordBatch {
  readonly lane: number;
}

interface OpenBatch {
  readonly lane: number;
  readonly records: { readonly key: Buffer; readonly value: Buffer }[];
  bytes: number;
}

/** Encodes events and cuts them into batches within the limit, each of one lane and in the order of the events. */
export function splitIntoLanes(
  events: readonly OutgoingEvent[],
  { link, maxBytes }: Splitting,
): readonly LaneBatch[] {
  const batches: OpenBatch[] = [];
  const open: (OpenBatch | undefined)[] = Array.from({ length: link.lanes });
  for (const event of events) {
    const key = Buffer.from(event.key);
    const value = Buffer.from(event.value);
    const lane = link.laneOf(key);
    const bytes = key.length + value.length + BYTES_AROUND_RECORD;
    let batch = open[lane];
    if (batch === undefined || batch.bytes + bytes > maxBytes) {
      batch = { lane, records: [], bytes: 0 };
      open[lane] = batch;
      batches.push(batch);
    }
    batch.records.push({ key, value });
    batch.bytes += bytes;
  }
  return batches;
}
