import { type Command, Option } from 'commander';
import { KAFKA_OPTION_NAMES, type KafkaOptions, listKafkaOptions } from '../kafka-options.ts';
import {
  anyText,
  bucketName,
  keyPrefix,
  type OptionOwners,
  oneOf,
  positive,
  refuseUselessOptions,
  ruledOption,
} from '../option-rules.ts';
import { ProducerError } from '../producer-errors.ts';
import { listServiceOptions, type ServiceOptions } from '../service-options.ts';

const DESTINATIONS = ['kafka', 's3', 'folder', 'stdout'] as const;
const TOPIC_OF_PAGE = 'web-<page>';

/** What the command line says, checked. */
export interface WebPageOptions extends KafkaOptions, ServiceOptions {
  /** The YAML that describes the page. */
  readonly file: string;
  readonly to: (typeof DESTINATIONS)[number];
  readonly count?: number;
  readonly dryRun?: boolean;
  readonly allowPrivate?: boolean;
  readonly state: string;
  readonly folder?: string;
  readonly bucket?: string;
  readonly prefix: string;
}

const OWNERS: OptionOwners = [
  [['kafka'], KAFKA_OPTION_NAMES],
  [['folder'], ['folder']],
  [['s3'], ['bucket', 'prefix']],
];

/** Gives a command all options of the scraper. A wrong value makes parsing throw OPTION_INVALID. */
export function addWebPageOptions(command: Command): Command {
  command.argument('<file>', 'YAML that describes the page (docs/scraping.md)');
  const options = [
    ruledOption('--to <destination>', 'kafka, s3, folder or stdout', oneOf(DESTINATIONS)).default(
      'kafka',
    ),
    new Option(
      '--dry-run',
      'read the pages once, print the rows as a table, send and keep nothing',
    ),
    ruledOption('--count <number>', 'end after so many turns (default: endless)', positive),
    ruledOption('--state <folder>', 'keeps what was sent, and pages to look at', anyText).default(
      'data/web-pages',
    ),
    new Option('--allow-private', 'ask addresses of private networks'),
    ...listServiceOptions(),
    ...listKafkaOptions(TOPIC_OF_PAGE),
    ruledOption('--folder <path>', 'to folder: made when missing', anyText),
    ruledOption('--bucket <name>', 'to s3: must exist', bucketName),
    ruledOption('--prefix <text>', 'to s3: put before names', keyPrefix).default('web/'),
  ];
  options.forEach((each) => {
    command.addOption(each);
  });
  return command;
}

/** The options of a parsed command. Throws OPTION_MISSING or OPTION_USELESS. */
export function takeWebPageOptions(command: Command): WebPageOptions {
  const options = { ...command.opts<Omit<WebPageOptions, 'file'>>(), file: command.args[0] ?? '' };
  const missing = (option: string, wanted: string): never => {
    throw new ProducerError('OPTION_MISSING', { option, destination: options.to, wanted });
  };
  if (options.dryRun === true) {
    return Object.freeze(options);
  }
  if (options.to === 'folder' && options.folder === undefined) {
    missing('--folder', 'the folder that gets the files');
  }
  if (options.to === 's3' && options.bucket === undefined) {
    missing('--bucket', 'the bucket that gets the objects');
  }
  refuseUselessOptions(command, options.to, OWNERS);
  return Object.freeze(options);
}

/** The topic of a page, unless the command line names one. */
export function topicOf(options: Pick<WebPageOptions, 'topic'>, page: string): string {
  return options.topic === TOPIC_OF_PAGE ? `web-${page}` : options.topic;
}
