import { ProducerError } from '../producer-errors.ts';
import { collectSnapshot } from './collect-snapshot.ts';
import type { MarketsSource } from './markets-source.ts';
import type { SnapshotBucket } from './snapshot-bucket.ts';
import { nameSnapshot } from './snapshot-name.ts';

/** What became of one event of a schedule. */
export type ScheduledAnswer =
  | { readonly name: string; readonly state: 'written'; readonly coins: number }
  /** An earlier delivery of the same event, or another collector, has written it. */
  | { readonly name: string; readonly state: 'there' };

export interface ScheduledSettings {
  /** When the event was due; the object is named after it. */
  readonly due: Date;
  /** Asked for only when there is something to collect, because it may have to read the key. */
  readonly source: () => Promise<MarketsSource>;
  readonly bucket: Pick<SnapshotBucket, 'put' | 'holds'>;
  /** Milliseconds after which no further try is begun and none goes on. */
  readonly timeMs: number;
  readonly onNotice: (sentence: string) => void;
}

const never = new AbortController().signal;

/**
 * Collects the snapshot of one scheduled time, once: a schedule delivers an event at least once, and a second delivery
 * finds the object and costs no credit of the API. Two at the same moment both ask the API, and one object results.
 * Throws what collecting and writing throw.
 */
export async function collectScheduled(settings: ScheduledSettings): Promise<ScheduledAnswer> {
  const { due, bucket, timeMs, onNotice } = settings;
  const name = `${nameSnapshot(due)}.json`;
  if (await bucket.holds(name)) {
    return { name, state: 'there' };
  }
  const source = await settings.source();
  const collected = await collectSnapshot({ source, at: due, timeMs, stop: never, onNotice });
  if (collected.kind !== 'snapshot') {
    throw collected.kind === 'failed' ? collected.failure : new ProducerError('CLOSED');
  }
  const { body, coins } = collected.snapshot;
  const put = await bucket.put(name, body);
  return put === 'written' ? { name, state: 'written', coins } : { name, state: 'there' };
}

/** The time an event was due, in whole seconds. Throws EVENT_TIMELESS. */
export function readDueTime(event: unknown): Date {
  const time = typeof event === 'object' && event !== null ? Reflect.get(event, 'time') : undefined;
  const isTime =
    typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time);
  if (!isTime || Number.isNaN(Date.parse(time))) {
    throw new ProducerError('EVENT_TIMELESS', { time: JSON.stringify(time) ?? 'nothing' });
  }
  return new Date(time);
}
