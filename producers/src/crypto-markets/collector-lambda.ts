import { ProducerError } from '../producer-errors.ts';
import { collectScheduled, readDueTime, type ScheduledAnswer } from './collect-scheduled.ts';
import { readCollectorSettings } from './collector-settings.ts';
import { openKeyParameter } from './key-parameter.ts';
import type { MarketsSource } from './markets-source.ts';
import { openSnapshotBucket } from './snapshot-bucket.ts';

/** Of the time a function has, so much is kept for writing and for saying what went wrong. */
const WRITE_MS = 20_000;
const END_MS = 2000;

/** What AWS Lambda tells a handler beside the event, as far as this one asks. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * AWS Lambda function: collects one snapshot for one event of an EventBridge schedule. May get an event twice. What it
 * throws makes Lambda deliver the event again, as often as the stack allows.
 */
export async function handler(event: unknown, context: LambdaContext): Promise<ScheduledAnswer> {
  try {
    const answer = await collect(event, context);
    console.log(`${answer.name} is ${answer.state}.`);
    return answer;
  } catch (caught) {
    if (caught instanceof ProducerError) {
      // A key that was changed is the likeliest reason; the next delivery reads it again.
      key?.forget();
      console.error(`${caught.code}: ${caught.message} ${caught.next}`);
    }
    throw caught;
  }
}

/** Kept from one event to the next, as long as Lambda keeps this process. */
let key: ReturnType<typeof openKeyParameter> | undefined;

async function collect(event: unknown, context: LambdaContext): Promise<ScheduledAnswer> {
  const due = readDueTime(event);
  const settings = readCollectorSettings(process.env);
  const { bucket, prefix, keyParameter } = settings;
  if (keyParameter !== undefined) {
    key ??= openKeyParameter(keyParameter);
  }
  const store = openSnapshotBucket({ bucket, prefix, putLimitMs: WRITE_MS - END_MS });
  try {
    return await collectScheduled({
      due,
      bucket: store,
      source: () => addKey(settings.source),
      timeMs: Math.max(context.getRemainingTimeInMillis() - WRITE_MS, 1),
      onNotice: (sentence) => console.log(sentence),
    });
  } finally {
    await store.close();
  }
}

async function addKey(source: MarketsSource): Promise<MarketsSource> {
  return key === undefined ? source : { ...source, key: await key.read() };
}
