import type { Option } from 'commander';
import { KAFKA_CLIENTS, type KafkaClientName, type KafkaSenderOptions } from './kafka-sender.ts';
import { oneOf, positive, ruledOption, type ValueRule, wholeNumber } from './option-rules.ts';
import { tellTerminal } from './terminal.ts';
import { isTopicName, TOPIC_NAME_RULE } from './topic-name.ts';

/** What must be known to send to Kafka. */
export interface KafkaOptions {
  readonly servers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** Seconds that Kafka may stay away at the start. */
  readonly deadline: number;
  /** Seconds that Kafka may stay away later. */
  readonly outage: number;
  /** Bytes that may be sent and not acknowledged before no more events are made. */
  readonly buffer: number;
  /** The library that speaks to Kafka. */
  readonly client: KafkaClientName;
}

/** Names among the values of {@link listKafkaOptions}. */
export const KAFKA_OPTION_NAMES = [
  'servers',
  'topic',
  'partitions',
  'replication',
  'deadline',
  'outage',
  'buffer',
  'client',
] as const satisfies readonly (keyof KafkaOptions)[];

const serverList: ValueRule<readonly string[]> = {
  wanted: 'host:port with a port from 1 to 65535, several separated by commas',
  read: readServers,
};
const topicName: ValueRule<string> = {
  wanted: TOPIC_NAME_RULE,
  read: (text) => (isTopicName(text) ? text : undefined),
};

/** The options of `--to kafka`, for a producer whose topic is called so unless told otherwise. */
export function listKafkaOptions(topic: string): readonly Option[] {
  return [
    ruledOption('--servers <host:port,...>', 'to kafka: brokers of one cluster', serverList)
      .env('KAFKA_SERVERS')
      .default(['localhost:9092'], 'localhost:9092'),
    ruledOption('--topic <name>', 'to kafka: made when missing', topicName).default(topic),
    ruledOption('--partitions <number>', 'to kafka: of a topic that is made', positive).default(4),
    ruledOption('--replication <number>', 'to kafka: of a topic that is made', positive).default(1),
    ruledOption(
      '--deadline <seconds>',
      'to kafka: how long it may be away at the start',
      wholeNumber(1, 86_400),
    ).default(30),
    ruledOption(
      '--outage <seconds>',
      'to kafka: how long it may be away later',
      wholeNumber(1, 86_400),
    ).default(900),
    ruledOption(
      '--buffer <bytes>',
      'to kafka: make no more events when so much is not acknowledged',
      wholeNumber(1, 1024 ** 3),
    ).default(8 * 1024 * 1024),
    ruledOption(
      '--client <name>',
      `to kafka: the library that speaks to it, ${KAFKA_CLIENTS.join(' or ')}`,
      oneOf(KAFKA_CLIENTS),
    ).default(KAFKA_CLIENTS[0]),
  ];
}

/** What the sender gets of the options. */
export function describeKafka(options: KafkaOptions): KafkaSenderOptions {
  const { servers, topic, partitions, replication, client } = options;
  return {
    ...{ servers, topic, partitions, replication, client },
    deadlineMs: options.deadline * 1000,
    outageMs: options.outage * 1000,
    maxInFlightBytes: options.buffer,
    onNotice: (sentence) => tellTerminal(`produce: ${sentence}`),
  };
}

function readServers(text: string): readonly string[] | undefined {
  const servers = text.split(',').map((server) => server.trim());
  return servers.every(isServer) ? servers : undefined;
}

/** An IPv6 address stands in brackets. */
function isServer(server: string): boolean {
  const port = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(server)?.[1];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}
