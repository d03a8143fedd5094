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
  type ValueRule,
  wholeNumber,
} from '../option-rules.ts';
import { ProducerError } from '../producer-errors.ts';
import { listServiceOptions, type ServiceOptions } from '../service-options.ts';
import {
  DEFAULT_LIMITS,
  isKey,
  type MarketsSource,
  PUBLIC_ROOT,
  readRootUrl,
} from './markets-source.ts';

const DESTINATIONS = ['folder', 's3', 'kafka', 'stdout'] as const;
/** 10,000 calls a month, which a demo key gives, are one each 268 s of a month of 31 days. */
const QUOTA_SECONDS = 270;
const DEFAULT_SECONDS = 300;

/** What the command line says, checked. */
export interface CryptoOptions extends KafkaOptions, ServiceOptions {
  readonly to: (typeof DESTINATIONS)[number];
  readonly vsCurrency: string;
  readonly perPage: number;
  readonly pages: number;
  /** Seconds from one snapshot to the next. */
  readonly interval: number;
  readonly count?: number;
  /** Remembers when the last turn was. */
  readonly state?: string;
  readonly baseUrl: URL;
  readonly allowPrivate?: boolean;
  readonly allowFast?: boolean;
  readonly folder: string;
  readonly bucket?: string;
  readonly prefix: string;
}

const currency: ValueRule<string> = {
  wanted: 'the short name of a currency, as usd or btc',
  read: (text) => (/^[a-z0-9]{1,10}$/.test(text) ? text : undefined),
};
const rootUrl: ValueRule<URL> = {
  wanted: 'the http or https address of an API without user, query and fragment',
  read: readRootUrl,
};

const OWNERS: OptionOwners = [
  [['kafka'], KAFKA_OPTION_NAMES],
  [['folder'], ['folder']],
  [['s3'], ['bucket']],
  [['folder', 's3'], ['prefix']],
];

/** Gives a command all options of the collector. A wrong value makes parsing throw OPTION_INVALID. */
export function addCryptoOptions(command: Command): Command {
  const options = [
    ruledOption('--to <destination>', 'folder, s3, kafka or stdout', oneOf(DESTINATIONS)).default(
      'folder',
    ),
    ruledOption('--vs-currency <name>', 'currency of all prices', currency).default('usd'),
    ruledOption('--per-page <number>', 'coins a page', wholeNumber(1, 250)).default(100),
    ruledOption('--pages <number>', 'pages a snapshot', wholeNumber(1, 100)).default(1),
    ruledOption(
      '--interval <seconds>',
      `from one snapshot to the next (default: ${DEFAULT_SECONDS} for each page)`,
      wholeNumber(1, 86_400),
    ),
    ruledOption('--count <number>', 'end after so many snapshots (default: endless)', positive),
    ruledOption('--base-url <address>', 'root of the API', rootUrl)
      .env('COINGECKO_URL')
      .default(new URL(PUBLIC_ROOT), PUBLIC_ROOT),
    new Option('--allow-fast', 'ask the public API more often than its free quota allows'),
    new Option('--allow-private', 'ask addresses of private networks, and http without TLS'),
    ruledOption('--state <file>', 'take the next snapshot when it is due, not at once', anyText),
    ...listServiceOptions(),
    ruledOption('--folder <path>', 'to folder: made when missing', anyText).default('data'),
    ruledOption('--bucket <name>', 'to s3: must exist', bucketName),
    ruledOption('--prefix <text>', 'to folder or s3: put before names', keyPrefix).default(
      'finance/',
    ),
    ...listKafkaOptions('crypto-markets'),
  ];
  options.forEach((each) => {
    command.addOption(each);
  });
  return command;
}

/** The options of a parsed command. Throws OPTION_MISSING, OPTION_USELESS, INTERVAL_TOO_SHORT or PLAIN_HTTP. */
export function takeCryptoOptions(command: Command): CryptoOptions {
  const given = command.opts<Omit<CryptoOptions, 'interval'> & { readonly interval?: number }>();
  const options = { ...given, interval: given.interval ?? DEFAULT_SECONDS * given.pages };
  if (options.to === 's3' && options.bucket === undefined) {
    const wanted = 'the bucket that gets the snapshots';
    throw new ProducerError('OPTION_MISSING', { option: '--bucket', destination: 's3', wanted });
  }
  refuseUselessOptions(command, options.to, OWNERS);
  refusePlainHttp(options);
  refuseShortInterval(options);
  return Object.freeze(options);
}

/**
 * What to ask for, with the key of COINGECKO_DEMO_KEY, which is read from `environment` only: arguments can be seen by
 * everybody on the machine. Throws KEY_INVALID.
 */
export function describeSource(
  options: CryptoOptions,
  environment: NodeJS.ProcessEnv,
): MarketsSource {
  const { baseUrl, vsCurrency, perPage, pages, allowPrivate = false } = options;
  const key = environment.COINGECKO_DEMO_KEY?.trim() || undefined;
  if (key !== undefined && !isKey(key)) {
    throw new ProducerError('KEY_INVALID', { characters: key.length });
  }
  return { baseUrl, vsCurrency, perPage, pages, key, allowPrivate, limits: DEFAULT_LIMITS };
}

/** Without TLS everybody on the way could read the key and change the prices. */
function refusePlainHttp({ baseUrl, allowPrivate }: CryptoOptions): void {
  if (baseUrl.protocol === 'http:' && allowPrivate !== true) {
    throw new ProducerError('PLAIN_HTTP', { url: baseUrl.href });
  }
}

function refuseShortInterval({ baseUrl, interval, pages, allowFast }: CryptoOptions): void {
  const shortest = QUOTA_SECONDS * pages;
  const isPublic = baseUrl.host === new URL(PUBLIC_ROOT).host;
  if (isPublic && interval < shortest && allowFast !== true) {
    throw new ProducerError('INTERVAL_TOO_SHORT', { interval, shortest, pages });
  }
}
