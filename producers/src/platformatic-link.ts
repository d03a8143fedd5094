import { MultipleErrors, Producer } from '@platformatic/kafka';
import { withinTime } from './deadline.ts';
import { kafkaAway } from './kafka-connection.ts';
import type { KafkaLink, KafkaRecord, LinkSettings } from './kafka-link.ts';
import { hashKey } from './key-hash.ts';
import { describeProblem } from './producer-errors.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;
const CONNECT_TIMEOUT_MS = 3000;
/** A broker whose disk is slow, or that holds us back for a quota, answers late; it must not be asked twice. */
const REQUEST_TIMEOUT_MS = 20_000;

type Client = Producer<Buffer, Buffer, Buffer, Buffer>;

/**
 * Connects `@platformatic/kafka` with one lane a partition. Each request names its partition, because the library sends
 * a request of several partitions to the leader of its first one for ever, even when they have moved apart. Keys go to
 * the partitions that Java and kafkajs choose for them; partitions that a topic gets later are used after a restart.
 * Throws KAFKA_AWAY.
 */
export async function openPlatformaticLink(settings: LinkSettings): Promise<KafkaLink> {
  const { topic, deadlineMs } = settings;
  let lastProblem = 'no answer';
  const client = createClient(settings, (problem) => {
    lastProblem = problem;
  });
  const lanes = await withinTime(prepare(client, topic), deadlineMs).catch((caught: unknown) => {
    client.close().catch(() => undefined);
    throw kafkaAway(settings, describeDeep(caught));
  });
  const { producerId } = client;
  return Object.freeze({
    lanes,
    laneOf: (key: Buffer) => hashKey(key) % lanes,
    request: async (partition: number, records: readonly KafkaRecord[]) => {
      const messages = records.map(({ key, value }) => ({ topic, partition, key, value }));
      await client.send({ messages });
      refuseNewIdentity(client.producerId, producerId);
    },
    lastProblem: () => lastProblem,
    explain: (caught: unknown) => ({ away: isAway(caught), problem: describeDeep(caught) }),
    close: () => client.close(),
  });
}

function createClient(settings: LinkSettings, onProblem: (problem: string) => void): Client {
  return new Producer<Buffer, Buffer, Buffer, Buffer>({
    clientId: 'sluice-producer',
    bootstrapBrokers: [...settings.servers],
    idempotent: true,
    autocreateTopics: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Idempotent, the library would otherwise try for ever. A few more than needed, so that our deadline decides.
    retries: Math.ceil(settings.outageMs / LONGEST_WAIT_MS) + 10,
    retryDelay: (...[, , attempt, , error]) => {
      onProblem(describeDeep(error));
      return Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
    },
  });
}

/** The number of partitions. */
async function prepare(client: Client, topic: string): Promise<number> {
  const { topics } = await client.metadata({ topics: [topic] });
  await client.initIdempotentProducer({});
  return topics.get(topic)?.partitionsCount ?? 1;
}

class LostIdentityError extends Error {
  override readonly name = 'LostIdentityError';
}

/**
 * When the broker no longer knows our sequence numbers, the library takes a new identity and sends the request again,
 * which doubles what the broker had stored before. That is not hidden: it ends the sender like any other refusal.
 */
function refuseNewIdentity(now: bigint | undefined, before: bigint | undefined): void {
  if (now !== before) {
    throw new LostIdentityError('it forgot what this producer has sent; some may be there twice');
  }
}

/** Only errors that the library would have tried again mean that nobody was there. */
function isAway(caught: unknown): boolean {
  return isClientError(caught) && caught.findBy('canRetry', false) === null;
}

function isClientError(caught: unknown): caught is MultipleErrors {
  return caught instanceof Error && MultipleErrors.isGenericError(caught);
}

/** The library wraps the reason several times; of several tries the last one counts. */
function describeDeep(caught: unknown): string {
  if (caught instanceof AggregateError && caught.errors.length > 0) {
    return describeDeep(caught.errors.at(-1));
  }
  if (caught instanceof Error && caught.cause !== undefined) {
    return `${describeProblem(caught).replace(/\.$/, '')}: ${describeDeep(caught.cause)}`;
  }
  return describeProblem(caught).replace(/\.$/, '');
}
