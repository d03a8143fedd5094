import { withinTime } from './deadline.ts';
import { type EventBatch, splitEvents } from './event-batches.ts';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { InFlight } from './in-flight.ts';
import { connectProducer, type ProducerClient } from './kafka-client.ts';
import { type KafkaAddress, withKafkaAdmin } from './kafka-connection.ts';
import { explainFailedSend } from './kafka-failure.ts';
import { ensureTopic } from './kafka-topic.ts';
import { ProducerError } from './producer-errors.ts';

const DEFAULTS = {
  partitions: 4,
  replication: 1,
  deadlineMs: 30_000,
  maxInFlightBytes: 8 * 1024 * 1024,
  // One partition may get a whole request as one record batch, and brokers take 1 MiB unless told otherwise.
  maxRequestBytes: 768 * 1024,
} as const;
const NOTICE_AFTER_MS = 2000;
const DISCONNECT_DEADLINE_MS = 3000;

export interface KafkaSenderOptions {
  /** `host:port` of one or more brokers of one cluster. */
  readonly servers: readonly string[];
  readonly topic: string;
  /** Partitions of a topic that has to be made, 4 when absent. */
  readonly partitions?: number | undefined;
  /** Replicas of a topic that has to be made, 1 when absent. */
  readonly replication?: number | undefined;
  /** How long the cluster may stay away, at the start or later, in milliseconds; 30 s when absent. */
  readonly deadlineMs?: number | undefined;
  readonly maxInFlightBytes?: number | undefined;
  readonly maxRequestBytes?: number | undefined;
  /** Told in a sentence when the cluster is away and waited for. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

type Settings = { readonly [Name in keyof typeof DEFAULTS]: number } & KafkaAddress & {
    readonly topic: string;
  };

/**
 * Connects, makes the topic when it is missing, and returns an idempotent sender that waits for all in-sync
 * replicas. Throws ProducerError KAFKA_AWAY or TOPIC_NOT_MADE.
 */
export async function openKafkaSender(options: KafkaSenderOptions): Promise<EventSender> {
  const settings = fillSettings(options);
  const servers = settings.servers.join(',');
  await withKafkaAdmin(settings, (admin) => ensureTopic(admin, settings, servers));
  return new KafkajsSender(settings, await connectProducer(settings));
}

function fillSettings(options: KafkaSenderOptions): Settings {
  return {
    servers: options.servers,
    topic: options.topic,
    onNotice: options.onNotice,
    partitions: options.partitions ?? DEFAULTS.partitions,
    replication: options.replication ?? DEFAULTS.replication,
    deadlineMs: options.deadlineMs ?? DEFAULTS.deadlineMs,
    maxInFlightBytes: options.maxInFlightBytes ?? DEFAULTS.maxInFlightBytes,
    maxRequestBytes: options.maxRequestBytes ?? DEFAULTS.maxRequestBytes,
  };
}

interface WaitingBatch extends EventBatch {
  readonly resolve: () => void;
  readonly reject: (failure: ProducerError) => void;
}

/**
 * Keeps exactly one kafkajs request under way. kafkajs takes sequence numbers back when a request fails, so a
 * second one that waits its turn would get the numbers of the first: a broker that had stored the first would
 * take it for a repetition, acknowledge it and drop it. For the same reason a failure is final.
 */
class KafkajsSender implements EventSender {
  readonly #settings: Settings;
  readonly #producer: ProducerClient;
  readonly #inFlight: InFlight;
  #queue: WaitingBatch[] = [];
  #draining: Promise<void> | undefined;
  #failure: ProducerError | undefined;

  constructor(settings: Settings, producer: ProducerClient) {
    this.#settings = settings;
    this.#producer = producer;
    this.#inFlight = new InFlight(settings.maxInFlightBytes);
  }

  ready(): Promise<void> {
    return this.#inFlight.ready();
  }

  async send(events: readonly OutgoingEvent[]): Promise<void> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    const limits = {
      maxEvents: Number.POSITIVE_INFINITY,
      maxBytes: this.#settings.maxRequestBytes,
    };
    const acknowledged = splitEvents(events, limits).map((batch) => this.#enqueue(batch));
    if (this.#queue.length > 0) {
      this.#draining ??= this.#drain();
    }
    await Promise.all(acknowledged);
  }

  async flush(): Promise<void> {
    await this.#draining;
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }

  async close(): Promise<void> {
    await this.#draining;
    this.#failure ??= new ProducerError('CLOSED');
    // After a failure kafkajs may wait for an answer that never comes; nothing depends on a clean good-bye.
    await withinTime(this.#producer.client.disconnect(), DISCONNECT_DEADLINE_MS).catch(
      () => undefined,
    );
  }

  #enqueue(batch: EventBatch): Promise<void> {
    this.#inFlight.add(batch.bytes);
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...batch, resolve, reject });
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batches = this.#takeBatches();
      this.#failure ??= await this.#sendBatches(batches);
      for (const batch of batches) {
        this.#settle(batch);
      }
    }
    this.#draining = undefined;
  }

  /** As many waiting batches as fit into one request: many small sends travel together. */
  #takeBatches(): readonly WaitingBatch[] {
    let bytes = 0;
    const tooMuch = this.#queue.findIndex((batch, index) => {
      bytes += batch.bytes;
      return index > 0 && bytes > this.#settings.maxRequestBytes;
    });
    return this.#queue.splice(0, tooMuch === -1 ? this.#queue.length : tooMuch);
  }

  async #sendBatches(batches: readonly WaitingBatch[]): Promise<ProducerError | undefined> {
    const { servers, topic, deadlineMs } = this.#settings;
    const messages = batches.flatMap((batch) => [...batch.events]);
    const notice = setTimeout(() => this.#tellWaiting(), NOTICE_AFTER_MS);
    try {
      await withinTime(this.#producer.client.send({ topic, acks: -1, messages }), deadlineMs);
      return undefined;
    } catch (caught) {
      const lastProblem = this.#producer.lastProblem();
      const send = { servers: servers.join(','), topic, seconds: deadlineMs / 1000, lastProblem };
      return explainFailedSend(caught, send);
    } finally {
      clearTimeout(notice);
    }
  }

  #settle(batch: WaitingBatch): void {
    this.#inFlight.remove(batch.bytes);
    if (this.#failure === undefined) {
      batch.resolve();
    } else {
      batch.reject(this.#failure);
    }
  }

  #tellWaiting(): void {
    const { servers, deadlineMs, onNotice } = this.#settings;
    onNotice?.(
      `Kafka at ${servers.join(',')} acknowledges nothing for ${NOTICE_AFTER_MS / 1000} s ` +
        `(${this.#producer.lastProblem()}); trying for ${deadlineMs / 1000} s.`,
    );
  }
}
