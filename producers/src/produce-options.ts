import { type Command, Option } from 'commander';
import { parseRate, type Rate } from './pace.ts';
import { ProducerError } from './producer-errors.ts';
import { isTopicName, TOPIC_NAME_RULE } from './topic-name.ts';

const DESTINATIONS = ['kafka', 'folder', 'stdout'] as const;

export type Destination = (typeof DESTINATIONS)[number];

/** What the command line says, checked. */
export interface ProduceOptions {
  readonly to: Destination;
  readonly servers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** Seconds that Kafka may stay away. */
  readonly deadline: number;
  readonly folder?: string;
  readonly eventsPerFile: number;
  readonly bytesPerFile: number;
  readonly count?: number;
  readonly rate: Rate;
  readonly seed?: string;
  readonly record?: string;
  readonly progress?: boolean;
}

interface ValueRule<Value> {
  readonly wanted: string;
  /** Undefined when the text is not such a value. */
  readonly read: (text: string) => Value | undefined;
}

const destination: ValueRule<Destination> = {
  wanted: 'kafka, folder or stdout',
  read: (text) => DESTINATIONS.find((known) => known === text),
};
const serverList: ValueRule<readonly string[]> = {
  wanted: 'host:port with a port from 1 to 65535, several separated by commas',
  read: readServers,
};
const topicName: ValueRule<string> = {
  wanted: TOPIC_NAME_RULE,
  read: (text) => (isTopicName(text) ? text : undefined),
};
const rate: ValueRule<Rate> = {
  wanted: 'max, events a second as 2000 or 0.2, or 1/5s for one each 5 seconds',
  read: parseRate,
};
const positive = wholeNumber(1, Number.MAX_SAFE_INTEGER);
const anyText: ValueRule<string> = {
  wanted: 'some text',
  read: (text) => (text === '' ? undefined : text),
};

/** Options that mean something for one destination only, by their names in ProduceOptions. */
const OWNERS = [
  ['kafka', ['servers', 'topic', 'partitions', 'replication', 'deadline']],
  ['folder', ['folder', 'eventsPerFile', 'bytesPerFile']],
] as const;

/** Gives a command all options of a producer. A wrong value makes parsing throw OPTION_INVALID. */
export function addProduceOptions(command: Command): Command {
  const options = [
    option('--to <destination>', 'kafka, folder or stdout', destination).default('kafka'),
    option('--rate <rate>', 'events a second, 1/5s for one each 5 s, or max', rate).default(1),
    option('--count <number>', 'end after so many events (default: endless)', positive),
    option('--seed <text>', 'same seed, same events but for their time', anyText),
    option('--record <file>', 'append each acknowledged event to this file', anyText),
    new Option('--progress', 'print a line of JSON each second on standard error'),
    option('--servers <host:port,...>', 'to kafka: brokers of one cluster', serverList)
      .env('KAFKA_SERVERS')
      .default(['localhost:9092'], 'localhost:9092'),
    option('--topic <name>', 'to kafka: made when missing', topicName).default('device-data-3'),
    option('--partitions <number>', 'to kafka: of a topic that is made', positive).default(4),
    option('--replication <number>', 'to kafka: of a topic that is made', positive).default(1),
    option(
      '--deadline <seconds>',
      'to kafka: how long it may be away',
      wholeNumber(1, 86_400),
    ).default(30),
    option('--folder <path>', 'to folder: made when missing', anyText),
    option('--events-per-file <number>', 'to folder: at most', positive).default(10_000),
    option('--bytes-per-file <number>', 'to folder: at most', positive).default(16 * 1024 * 1024),
  ];
  options.forEach((each) => {
    command.addOption(each);
  });
  return command;
}

/** The options of a parsed command. Throws OPTION_MISSING or OPTION_USELESS. */
export function takeProduceOptions(command: Command): ProduceOptions {
  const options = command.opts<ProduceOptions>();
  if (options.to === 'folder' && options.folder === undefined) {
    const wanted = 'the folder that gets the files';
    throw new ProducerError('OPTION_MISSING', {
      option: '--folder',
      destination: 'folder',
      wanted,
    });
  }
  for (const [owner, names] of OWNERS) {
    const useless = names.find((name) => command.getOptionValueSource(name) === 'cli');
    if (useless !== undefined && owner !== options.to) {
      const flag =
        command.options.find((each) => each.attributeName() === useless)?.long ?? useless;
      throw new ProducerError('OPTION_USELESS', { option: flag, destination: options.to, owner });
    }
  }
  return Object.freeze(options);
}

function option<Value>(flags: string, description: string, rule: ValueRule<Value>): Option {
  const result = new Option(flags, description);
  return result.argParser((text: string) => {
    const value = rule.read(text);
    if (value === undefined) {
      const name = result.long ?? flags;
      throw new ProducerError('OPTION_INVALID', {
        option: name,
        value: JSON.stringify(text),
        wanted: rule.wanted,
      });
    }
    return value;
  });
}

function wholeNumber(from: number, to: number): ValueRule<number> {
  const wanted = to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${to}`;
  return {
    wanted: `a whole number, ${wanted}`,
    read: (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= from && value <= to ? value : undefined;
    },
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
