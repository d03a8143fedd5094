import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { withinTime } from './deadline.ts';
import { correctThrottleTimer } from './kafkajs-throttle-timer.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';

const LONGEST_WAIT_MS = 1000;
const CONNECT_TIMEOUT_MS = 3000;
const ANSWER_TIMEOUT_MS = 5000;

export interface KafkaAddress {
  /** `host:port` of one or more brokers of one cluster. */
  readonly servers: readonly string[];
  /** How long the cluster may stay away, in milliseconds. */
  readonly deadlineMs: number;
  /** Told in a sentence when the cluster is away and waited for. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

/**
 * A kafkajs client whose own retries last as long as the deadline. `onProblem` gets what kafkajs would have
 * printed: its lines of JSON say the same thing many times and are not for users.
 */
export function createKafka(
  address: KafkaAddress,
  onProblem: (sentence: string) => void = () => undefined,
): Kafka {
  return new Kafka({
    ...connectionSettings(address),
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ log }) =>
        onProblem(log.message),
    retry: {
      initialRetryTime: 100,
      maxRetryTime: LONGEST_WAIT_MS,
      factor: 0.2,
      multiplier: 2,
      // Waits reach their maximum after four tries; a few more keep kafkajs from giving up before we do.
      retries: Math.ceil(address.deadlineMs / LONGEST_WAIT_MS) + 5,
    },
  });
}

/** Waits until the cluster answers and runs `work` on it. Throws KAFKA_AWAY when the deadline passes first. */
export async function withKafkaAdmin<Result>(
  address: KafkaAddress,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  await waitForKafka(address);
  const admin = createKafka(address).admin();
  try {
    await withinTime(admin.connect(), address.deadlineMs).catch((caught: unknown) => {
      throw kafkaAway(address, describeProblem(caught));
    });
    return await work(admin);
  } finally {
    letGo(admin);
  }
}

export function kafkaAway(address: KafkaAddress, problem: string): ProducerError {
  const servers = address.servers.join(',');
  return new ProducerError('KAFKA_AWAY', { servers, seconds: address.deadlineMs / 1000, problem });
}

async function waitForKafka(address: KafkaAddress): Promise<void> {
  const end = performance.now() + address.deadlineMs;
  for (let attempt = 1; ; attempt += 1) {
    const problem = await tryServers(address, end);
    if (problem === undefined) {
      return;
    }
    if (attempt === 1) {
      const [servers, seconds] = [address.servers.join(','), address.deadlineMs / 1000];
      address.onNotice?.(
        `No Kafka answers at ${servers} yet (${problem}); trying for ${seconds} s.`,
      );
    }
    const left = Math.max(end - performance.now(), 0);
    await sleep(Math.min(100 * 2 ** attempt, LONGEST_WAIT_MS, left));
    if (performance.now() >= end) {
      throw kafkaAway(address, problem);
    }
  }
}

/** Each server is tried once, so that one that is down does not hide the others. Returns the last problem. */
async function tryServers(address: KafkaAddress, end: number): Promise<string | undefined> {
  let problem = 'no address';
  for (const server of address.servers) {
    const settings = connectionSettings({ ...address, servers: [server] });
    const client = new Kafka({ ...settings, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
    const admin = client.admin();
    try {
      // Something that accepts connections and says nothing is no Kafka either.
      const patience = Math.min(ANSWER_TIMEOUT_MS, Math.max(end - performance.now(), 1));
      await withinTime(admin.connect(), patience);
      return undefined;
    } catch (caught) {
      problem = describeProblem(caught);
    } finally {
      letGo(admin);
    }
  }
  return problem;
}

/** Not waited for: kafkajs waits for answers still due, which a server that hangs never gives. */
function letGo(admin: Admin): void {
  admin.disconnect().catch(() => undefined);
}

function connectionSettings(address: KafkaAddress): KafkaConfig {
  correctThrottleTimer();
  return {
    clientId: 'sluice-producer',
    brokers: [...address.servers],
    connectionTimeout: CONNECT_TIMEOUT_MS,
  };
}
