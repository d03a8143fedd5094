import type { Command } from 'commander';
import { KAFKA_OPTION_NAMES, type KafkaOptions, listKafkaOptions } from './kafka-options.ts';
import {
  anyText,
  type OptionOwners,
  oneOf,
  positive,
  refuseUselessOptions,
  ruledOption,
  type ValueRule,
} from './option-rules.ts';
import { parseRate, type Rate } from './pace.ts';
import { ProducerError } from './producer-errors.ts';
import { listServiceOptions, type ServiceOptions } from './service-options.ts';

const DESTINATIONS = ['kafka', 'folder', 'stdout'] as const;

export type Destination = (typeof DESTINATIONS)[number];

/** What the command line says, checked. */
export interface ProduceOptions extends KafkaOptions, ServiceOptions {
  readonly to: Destination;
  readonly folder?: string;
  readonly eventsPerFile: number;
  readonly bytesPerFile: number;
  readonly count?: number;
  readonly rate: Rate;
  readonly seed?: string;
  readonly record?: string;
  /** Remembers how far it came. */
  readonly state?: string;
}

const rate: ValueRule<Rate> = {
  wanted: 'max, events a second as 2000 or 0.2, or 1/5s for one each 5 seconds',
  read: parseRate,
};

const OWNERS: OptionOwners = [
  [['kafka'], KAFKA_OPTION_NAMES],
  [['folder'], ['folder', 'eventsPerFile', 'bytesPerFile']],
];

/** Gives a command all options of a producer. A wrong value makes parsing throw OPTION_INVALID. */
export function addProduceOptions(command: Command): Command {
  const options = [
    ruledOption('--to <destination>', 'kafka, folder or stdout', oneOf(DESTINATIONS)).default(
      'kafka',
    ),
    ruledOption('--rate <rate>', 'events a second, 1/5s for one each 5 s, or max', rate).default(1),
    ruledOption('--count <number>', 'end after so many events (default: endless)', positive),
    ruledOption('--seed <text>', 'same seed, same events but for their time', anyText),
    ruledOption('--record <file>', 'append each acknowledged event to this file', anyText),
    ruledOption('--state <file>', 'go on behind the last acknowledged event', anyText),
    ...listServiceOptions(),
    ...listKafkaOptions('device-data-3'),
    ruledOption('--folder <path>', 'to folder: made when missing', anyText),
    ruledOption('--events-per-file <number>', 'to folder: at most', positive).default(10_000),
    ruledOption('--bytes-per-file <number>', 'to folder: at most', positive).default(
      16 * 1024 * 1024,
    ),
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
  refuseUselessOptions(command, options.to, OWNERS);
  return Object.freeze(options);
}
