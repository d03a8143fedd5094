import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, type EachBatchPayload, Kafka, logLevel } from 'kafkajs';
import { correctThrottleTimer } from './kafkajs-throttle-timer.ts';

const LEADER_DEADLINE_MS = 10_000;

export interface StoredEvent {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
}

/** Everything a topic holds at the moment of the call, in order within each partition. Used to check what arrived. */
export async function readTopic(server: string, topic: string): Promise<readonly StoredEvent[]> {
  correctThrottleTimer();
  const kafka = new Kafka({
    clientId: 'reader',
    brokers: [server],
    logLevel: logLevel.NOTHING,
    // A broker that has just started loads its groups for a while.
    retry: { initialRetryTime: 100, maxRetryTime: 500, multiplier: 2, factor: 0.2, retries: 40 },
  });
  const ends = await readEnds(kafka, topic);
  if (ends.size === 0) {
    return [];
  }
  const consumer = kafka.consumer({ groupId: `reader-${crypto.randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    return await readUntil(consumer, ends);
  } finally {
    await consumer.disconnect();
  }
}

/** `ends` loses each partition that is read to its end. */
async function readUntil(consumer: Consumer, ends: Map<number, bigint>): Promise<StoredEvent[]> {
  const stored: StoredEvent[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<StoredEvent[]>();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) {
      reject(payload.error);
    }
  });
  const eachBatch = async ({ batch }: EachBatchPayload): Promise<void> => {
    const { partition } = batch;
    for (const { key, value } of batch.messages) {
      stored.push({ partition, key: String(key), value: String(value) });
    }
    if (BigInt(batch.lastOffset()) + 1n >= (ends.get(partition) ?? 0n)) {
      ends.delete(partition);
    }
    if (ends.size === 0) {
      resolve(stored);
    }
  };
  consumer.run({ eachBatch }).catch(reject);
  return await promise;
}

/** The end of each partition that is not empty. */
async function readEnds(kafka: Kafka, topic: string): Promise<Map<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await untilLed(() => admin.fetchTopicOffsets(topic));
    return new Map(
      offsets
        .map(({ partition, high }) => [partition, BigInt(high)] as const)
        .filter(([, high]) => high > 0n),
    );
  } finally {
    await admin.disconnect();
  }
}

/** A broker that was killed takes back its partitions a moment after it is reachable; kafkajs does not wait for that. */
async function untilLed<Result>(read: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + LEADER_DEADLINE_MS;
  for (;;) {
    try {
      return await read();
    } catch (caught) {
      const noLeader =
        caught instanceof Error && 'retriable' in caught && caught.retriable === true;
      if (!noLeader || performance.now() > deadline) {
        throw caught;
      }
      await sleep(100);
    }
  }
}
