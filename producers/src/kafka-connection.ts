import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { correctThrottleTimer } from './kafkajs-throttle-timer.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';

const LONGEST_WAIT_MS = 1000;
const CONNECT_TIMEOUT_MS = 3000;

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
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function waitForKafka(address: KafkaAddress): Promise<void> {
  const started = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    const problem = await tryToConnect(address);
    if (problem === undefined) {
      return;
    }
    const servers = address.servers.join(',');
    const seconds = address.deadlineMs / 1000;
    if (performance.now() - started >= address.deadlineMs) {
      throw new ProducerError('KAFKA_AWAY', { servers, seconds, problem });
    }
    if (attempt === 1) {
      address.onNotice?.(
        `No Kafka answers at ${servers} yet (${problem}); trying for ${seconds} s.`,
      );
    }
    await sleep(Math.min(100 * 2 ** attempt, LONGEST_WAIT_MS));
  }
}

/** One try with each server, in turn, so that one that is down does not hide the others. */
async function tryToConnect(address: KafkaAddress): Promise<string | undefined> {
  let problem = 'no address';
  for (const server of address.servers) {
    const settings = connectionSettings({ ...address, servers: [server] });
    const admin = new Kafka({
      ...settings,
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).admin();
    try {
      await admin.connect();
      return undefined;
    } catch (caught) {
      problem = describeProblem(caught);
    } finally {
      await admin.disconnect();
    }
  }
  return problem;
}

function connectionSettings(address: KafkaAddress): KafkaConfig {
  correctThrottleTimer();
  return {
    clientId: 'sluice-producer',
    brokers: [...address.servers],
    connectionTimeout: CONNECT_TIMEOUT_MS,
  };
}
