import { Partitioners, type Producer } from 'kafkajs';
import { withinTime } from './deadline.ts';
import { createKafka, type KafkaAddress, kafkaAway } from './kafka-connection.ts';
import { describeProblem } from './producer-errors.ts';

/** A connected kafkajs producer and what it complained about last. */
export interface ProducerClient {
  readonly client: Producer;
  readonly lastProblem: () => string;
}

/** Connects an idempotent producer that never makes topics. Throws KAFKA_AWAY. */
export async function connectProducer(
  address: KafkaAddress & { readonly outageMs?: number },
): Promise<ProducerClient> {
  let lastProblem = 'no answer';
  const deadlineMs = Math.max(address.deadlineMs, address.outageMs ?? 0);
  const kafka = createKafka({ ...address, deadlineMs }, (problem) => {
    lastProblem = problem;
  });
  const client = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await withinTime(client.connect(), address.deadlineMs).catch((caught: unknown) => {
    throw kafkaAway(address, describeProblem(caught));
  });
  return Object.freeze({ client, lastProblem: () => lastProblem });
}
