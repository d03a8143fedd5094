/** What the process exits with: 0 nothing is wrong, 1 it failed, 2 it was called wrongly. */
export type ProducerExit = 0 | 1 | 2;

/**
 * `found`, `wanted` and `next` are sentences in which `{name}` stands for a parameter: what is there, what
 * should be there, what to do now.
 */
interface ProducerErrorEntry {
  readonly exit: ProducerExit;
  readonly found: string;
  readonly wanted: string;
  readonly next: string;
}

/** Every error of the producers, by code. */
export const producerErrors = {
  USAGE: {
    exit: 2,
    found: 'The command was called wrongly: {problem}.',
    wanted: 'Its arguments must be those listed by its help.',
    next: 'Run `produce --help`, or a command with `--help`.',
  },
  OPTION_INVALID: {
    exit: 2,
    found: '{option} is {value}.',
    wanted: 'It must be {wanted}.',
    next: 'Correct {option} and start again.',
  },
  OPTION_MISSING: {
    exit: 2,
    found: '{option} is missing.',
    wanted: '--to {destination} needs it: {wanted}.',
    next: 'Add {option} and start again.',
  },
  OPTION_USELESS: {
    exit: 2,
    found: '{option} is given with --to {destination}.',
    wanted: 'It has a meaning with --to {owner} only.',
    next: 'Remove {option} or choose --to {owner}.',
  },
  KAFKA_AWAY: {
    exit: 1,
    found: 'No Kafka answered at {servers} within {seconds} s ({problem}).',
    wanted: 'A broker must listen there.',
    next: 'Start it, or give its address with --servers or KAFKA_SERVERS, or more time with --deadline.',
  },
  TOPIC_NOT_MADE: {
    exit: 1,
    found: 'Topic {topic} does not exist at {servers} and could not be made ({problem}).',
    wanted:
      'The topic must exist, or the broker must allow making it with this many partitions and replicas.',
    next: 'Make it yourself, or change --partitions and --replication.',
  },
  NOT_ACKNOWLEDGED: {
    exit: 1,
    found: 'Kafka at {servers} did not acknowledge events for {seconds} s ({problem}).',
    wanted: 'Each event must be acknowledged by all in-sync replicas.',
    next: 'Look at the broker; those events may or may not be in topic {topic}, later ones are not.',
  },
  REFUSED: {
    exit: 1,
    found: 'Kafka at {servers} refused events for topic {topic} ({problem}).',
    wanted: 'The broker must take them.',
    next: 'Correct what it names and start again.',
  },
  FOLDER_FAILED: {
    exit: 1,
    found: 'Writing events to {folder} failed ({problem}).',
    wanted: 'The folder must be writable and have room.',
    next: 'Correct it and start again; every file already there is whole.',
  },
  BUCKET_FAILED: {
    exit: 1,
    found: 'Writing {key} to bucket {bucket} failed ({problem}).',
    wanted: 'The bucket must exist in this region and take objects with these credentials.',
    next: 'Correct AWS_REGION, the credentials, AWS_ENDPOINT_URL or --bucket and start again; every object there is whole.',
  },
  NAMES_TAKEN: {
    exit: 1,
    found: '{name} and {number} names after it are taken.',
    wanted: 'A snapshot needs a name of its own.',
    next: 'Look at what else writes there, and choose another --prefix.',
  },
  MARKETS_AWAY: {
    exit: 1,
    found: 'No markets came from {host} within {seconds} s and {attempts} tries ({problem}).',
    wanted: 'The API must answer with an array of coins.',
    next: 'Nothing needs to be done if it answers later; otherwise look at the network, or choose a longer --interval.',
  },
  MARKETS_REFUSED: {
    exit: 1,
    found: '{host} refused the request for markets ({problem}).',
    wanted: 'The API must answer with an array of coins.',
    next: 'Correct what it names: --base-url, --vs-currency, --per-page or COINGECKO_DEMO_KEY.',
  },
  MARKETS_BROKEN: {
    exit: 1,
    found: '{host} answered with something that is no markets ({problem}).',
    wanted: 'It must be a JSON array of at most 8 MiB, of objects with an id.',
    next: 'Look at what answers at --base-url; it is asked again at the next interval.',
  },
  ADDRESS_REFUSED: {
    exit: 1,
    found: '{host} was not asked ({problem}).',
    wanted: 'It must lead to public addresses only.',
    next: 'Correct --base-url, or add --allow-private if it is meant to be on a private network.',
  },
  SNAPSHOTS_MISSED: {
    exit: 1,
    found: '{failed} of {count} snapshots could not be taken.',
    wanted: 'All must be taken.',
    next: 'The lines above say why.',
  },
  INTERVAL_TOO_SHORT: {
    exit: 2,
    found: '--interval is {interval}.',
    wanted:
      'It must be {shortest} or more for {pages} pages: the free quota is 10,000 calls a month.',
    next: 'Choose a longer --interval or fewer --pages, or add --allow-fast if your quota is larger.',
  },
  PLAIN_HTTP: {
    exit: 2,
    found: '--base-url is {url}.',
    wanted: 'It must begin with https, because others could read the key and change the prices.',
    next: 'Use https, or add --allow-private for a server of your own network.',
  },
  KEY_INVALID: {
    exit: 2,
    found: 'COINGECKO_DEMO_KEY has {characters} characters or some that no key has.',
    wanted: 'It must be 8 to 200 visible ASCII characters.',
    next: 'Copy the key again, or unset the variable to go without one.',
  },
  SETTING_INVALID: {
    exit: 2,
    found: 'The setting {name} of the collector is {value}.',
    wanted: 'It must be {wanted}.',
    next: 'Correct the parameter of the stack that gives it, and deploy again.',
  },
  EVENT_TIMELESS: {
    exit: 2,
    found: 'The event has {time} for its time.',
    wanted: 'It must say when it was due, as 2026-11-24T07:30:00Z, as events of a schedule do.',
    next: 'Invoke the collector by its schedule, or by hand with {"time":"..."}.',
  },
  KEY_AWAY: {
    exit: 1,
    found: 'The key of the API could not be read from parameter {name} ({problem}).',
    wanted: 'It must be a parameter of this account and region that the collector may read.',
    next: 'Put it there with `aws ssm put-parameter --type SecureString`, or deploy without a key.',
  },
  PAGE_UNREADABLE: {
    exit: 2,
    found: '{file} cannot be read ({problem}).',
    wanted: 'It must be the YAML that describes a page.',
    next: 'Correct the path and start again.',
  },
  PAGE_WRONG: {
    exit: 2,
    found: '{file} has {number} mistakes.\n{findings}\n',
    wanted: 'It must describe a page as docs/scraping.md says.',
    next: 'Correct them and start again.',
  },
  PAGES_MISSED: {
    exit: 1,
    found: 'In {bad} of {count} turns a page did not come or was not as described.',
    wanted: 'All must come and have their rows.',
    next: 'The lines above say why and where the pages are saved.',
  },
  MEMORY_FAILED: {
    exit: 1,
    found: 'The memory of sent rows in {file} failed ({problem}).',
    wanted: 'It must be a file that this program wrote, with room beside it.',
    next: 'Correct what it names. Without the file all rows are sent again.',
  },
  STATE_FAILED: {
    exit: 1,
    found: 'The state in {file} failed ({problem}).',
    wanted: 'It must be a file that this program wrote, with room beside it.',
    next: 'Correct what it names. Without the file it begins anew.',
  },
  LISTEN_FAILED: {
    exit: 1,
    found: 'Port {port} of 127.0.0.1 cannot be listened on ({problem}).',
    wanted: 'It must be free, for the health and the metrics of this producer.',
    next: 'Choose another --listen, or 0 for a free one.',
  },
  READER_GONE: {
    exit: 0,
    found: 'The reader of standard output has ended.',
    wanted: 'It may do so at any time.',
    next: 'Nothing needs to be done.',
  },
  OUTPUT_FAILED: {
    exit: 1,
    found: 'Writing to standard output failed ({problem}).',
    wanted: 'It must be open and have room.',
    next: 'Look at what reads it and start again.',
  },
  RECORD_FAILED: {
    exit: 1,
    found: 'Recording acknowledged events in {file} failed ({problem}).',
    wanted: 'The file must be writable and have room.',
    next: 'Correct --record and start again; what it holds was acknowledged.',
  },
  CLOSED: {
    exit: 1,
    found: 'Events were given to a sender that is closed.',
    wanted: 'Sending must end before closing.',
    next: 'Report it: this should not happen.',
  },
} as const satisfies Readonly<Record<string, ProducerErrorEntry>>;

export type ProducerErrorCode = keyof typeof producerErrors;

/** Thrown, and given by rejected sends, for everything a user of a producer may have to act on. */
export class ProducerError extends Error {
  override readonly name = 'ProducerError';
  readonly code: ProducerErrorCode;
  readonly exit: ProducerExit;
  /** What to do now, as one sentence. */
  readonly next: string;

  constructor(code: ProducerErrorCode, parameters: Readonly<Record<string, string | number>> = {}) {
    const entry: ProducerErrorEntry = producerErrors[code];
    super(`${fillIn(entry.found, parameters)} ${fillIn(entry.wanted, parameters)}`);
    this.code = code;
    this.exit = entry.exit;
    this.next = fillIn(entry.next, parameters);
  }
}

/** The shortest useful sentence about something caught. */
export function describeProblem(caught: unknown): string {
  return caught instanceof Error ? caught.message || caught.name : String(caught);
}

function fillIn(sentence: string, parameters: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : place,
  );
}
