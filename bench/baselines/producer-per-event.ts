import { Kafka, logLevel } from 'kafkajs';
import type { OutgoingEvent } from '../../producers/src/event-sender.ts';

/**
 * How the program that Sluice replaces sent events: a new Kafka client for every one, nothing batched. It did not
 * even flush; here each event is waited for, because an event that may be lost is no event sent.
 */
export async function sendPerEvent(
  server: string,
  topic: string,
  events: readonly OutgoingEvent[],
): Promise<void> {
  for (const { key, value } of events) {
    const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: [{ key, value }] });
    await producer.disconnect();
  }
}
