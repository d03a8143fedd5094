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
    next: 'Run `produce --help` or `produce device-events --help`.',
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
