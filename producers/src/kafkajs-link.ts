import { connectProducer } from './kafka-client.ts';
import type { KafkaLink, KafkaRecord, LinkSettings } from './kafka-link.ts';
import { describeProblem } from './producer-errors.ts';

/**
 * Connects kafkajs. It has one lane for all partitions: kafkajs takes sequence numbers back when a request fails, so a
 * second one that waits its turn would get the numbers of the first: a broker that had stored the first would take it
 * for a repetition, acknowledge it and drop it. Throws KAFKA_AWAY.
 */
export async function openKafkajsLink(settings: LinkSettings): Promise<KafkaLink> {
  const { topic } = settings;
  const { client, lastProblem } = await connectProducer(settings);
  return Object.freeze({
    lanes: 1,
    laneOf: () => 0,
    request: async (_lane: number, records: readonly KafkaRecord[]) => {
      await client.send({ topic, acks: -1, messages: [...records] });
    },
    lastProblem,
    explain: (caught: unknown) => ({ away: isAway(caught), problem: describeProblem(caught) }),
    close: () => client.disconnect(),
  });
}

/** kafkajs wraps the error that ends its retries in up to two others. */
function isAway(caught: unknown): boolean {
  return (
    caught instanceof Error &&
    (caught.name === 'KafkaJSNumberOfRetriesExceeded' || isAway(caught.cause))
  );
}
