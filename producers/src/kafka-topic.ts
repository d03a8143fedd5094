import type { Admin } from 'kafkajs';
import { describeProblem, ProducerError } from './producer-errors.ts';

export interface TopicWish {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
}

/** Makes a topic when there is none of this name; an existing one is left as it is. Throws TOPIC_NOT_MADE. */
export async function ensureTopic(admin: Admin, wish: TopicWish, servers: string): Promise<void> {
  const { topic, partitions, replication } = wish;
  try {
    const existing = await admin.listTopics();
    if (!existing.includes(topic)) {
      // A topic that somebody else makes meanwhile is no error here: kafkajs answers false.
      await admin.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor: replication }],
        waitForLeaders: true,
      });
    }
  } catch (caught) {
    throw new ProducerError('TOPIC_NOT_MADE', { topic, servers, problem: explain(caught) });
  }
}

/** kafkajs hides the reasons of single topics in `errors`. */
function explain(caught: unknown): string {
  if (caught instanceof Error && 'errors' in caught && Array.isArray(caught.errors)) {
    return caught.errors.map(describeProblem).join('; ');
  }
  return describeProblem(caught);
}
