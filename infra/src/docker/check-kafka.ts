import { answersKafka } from '../kafka-handshake.ts';

/** The health check of the Kafka container. */
process.exitCode = (await answersKafka(9092, 3000)) ? 0 : 1;
