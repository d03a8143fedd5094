import { withinTime } from './deadline.ts';
import type { EventSender, OutgoingEvent } from './event-sender.ts';
import { InFlight } from './in-flight.ts';
import { type KafkaAddress, withKafkaAdmin } from './kafka-connection.ts';
import { explainFailedSend } from './kafka-failure.ts';
import type { KafkaLink, KafkaRecord } from './kafka-link.ts';
import { ensureTopic } from './kafka-topic.ts';
import { openKafkajsLink } from './kafkajs-link.ts';
import { openPlatformaticLink } from './platformatic-link.ts';
import { ProducerError } from './producer-errors.ts';
import { splitIntoLanes } from './record-batches.ts';
import { type LaneFailure, type RecordBatch, RequestLane } from './request-lane.ts';

/** Client libraries that can be chosen. */
export const KAFKA_CLIENTS = ['platformatic', 'kafkajs'] as const;
export type KafkaClientName = (typeof KAFKA_CLIENTS)[number];

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
  /** The library that speaks to Kafka, the faster one when absent; both promise the same. */
  readonly client?: KafkaClientName | undefined;
  /** Partitions of a topic that has to be made, 4 when absent. */
  readonly partitions?: number | undefined;
  /** Replicas of a topic that has to be made, 1 when absent. */
  readonly replication?: number | undefined;
  /** How long the cluster may stay away at the start, in milliseconds; 30 s when absent. */
  readonly deadlineMs?: number | undefined;
  /** How long the cluster may stay away later, in milliseconds; as long as at the start when absent. */
  readonly outageMs?: number | undefined;
  /** ready() waits when so many bytes are not acknowledged, 8 MiB when absent. */
  readonly maxInFlightBytes?: number | undefined;
  readonly maxRequestBytes?: number | undefined;
  /** Told in a sentence when the cluster is away and waited for. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

type Settings = { readonly [Name in keyof typeof DEFAULTS]: number } & KafkaAddress & {
    readonly topic: string;
    readonly outageMs: number;
  };

const openLink = { kafkajs: openKafkajsLink, platformatic: openPlatformaticLink } as const;

/**
 * Connects, makes the topic when it is missing, and returns an idempotent sender that waits for all in-sync
 * replicas. Throws ProducerError KAFKA_AWAY or TOPIC_NOT_MADE.
 */
export async function openKafkaSender(options: KafkaSenderOptions): Promise<EventSender> {
  const settings = fillSettings(options);
  const servers = settings.servers.join(',');
  await withKafkaAdmin(settings, (admin) => ensureTopic(admin, settings, servers));
  const link = await openLink[options.client ?? KAFKA_CLIENTS[0]](settings);
  return new KafkaSender(settings, link);
}

function fillSettings(options: KafkaSenderOptions): Settings {
  return {
    servers: options.servers,
    topic: options.topic,
    onNotice: options.onNotice,
    partitions: options.partitions ?? DEFAULTS.partitions,
    replication: options.replication ?? DEFAULTS.replication,
    deadlineMs: options.deadlineMs ?? DEFAULTS.deadlineMs,
    outageMs: options.outageMs ?? options.deadlineMs ?? DEFAULTS.deadlineMs,
    maxInFlightBytes: options.maxInFlightBytes ?? DEFAULTS.maxInFlightBytes,
    maxRequestBytes: options.maxRequestBytes ?? DEFAULTS.maxRequestBytes,
  };
}

/** A failure is final: after one the libraries no longer know which sequence numbers the broker has seen. */
class KafkaSender implements EventSender {
  readonly #settings: Settings;
  readonly #link: KafkaLink;
  readonly #inFlight: InFlight;
  readonly #failure: LaneFailure = { first: undefined };
  readonly #lanes: readonly RequestLane[];
  #toldWaiting = false;

  constructor(settings: Settings, link: KafkaLink) {
    this.#settings = settings;
    this.#link = link;
    this.#inFlight = new InFlight(settings.maxInFlightBytes);
    this.#lanes = Array.from({ length: link.lanes }, (_, lane) => this.#openLane(lane));
  }

  ready(): Promise<void> {
    return this.#inFlight.ready();
  }

  async send(events: readonly OutgoingEvent[]): Promise<void> {
    if (this.#failure.first !== undefined) {
      throw this.#failure.first;
    }
    const { maxRequestBytes } = this.#settings;
    const batches = splitIntoLanes(events, { link: this.#link, maxBytes: maxRequestBytes });
    const acknowledged = batches.map(({ lane, ...batch }) => {
      this.#inFlight.add(batch.bytes);
      return this.#lanes[lane]?.send(batch);
    });
    // Waiting for all keeps a late failure of one lane from being nobody's.
    const outcomes = await Promise.allSettled(acknowledged);
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') {
      throw failed.reason;
    }
  }

  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.drained()));
    if (this.#failure.first !== undefined) {
      throw this.#failure.first;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.drained()));
    this.#failure.first ??= new ProducerError('CLOSED');
    // After a failure a library may wait for an answer that never comes; nothing depends on a clean good-bye.
    await withinTime(this.#link.close(), DISCONNECT_DEADLINE_MS).catch(() => undefined);
  }

  #openLane(lane: number): RequestLane {
    return new RequestLane({
      maxRequestBytes: this.#settings.maxRequestBytes,
      failure: this.#failure,
      request: (records) => this.#request(lane, records),
      onSettled: ({ bytes }: RecordBatch) => this.#inFlight.remove(bytes),
    });
  }

  async #request(
    lane: number,
    records: readonly KafkaRecord[],
  ): Promise<ProducerError | undefined> {
    const { servers, topic, outageMs } = this.#settings;
    const notice = setTimeout(() => this.#tellWaiting(), NOTICE_AFTER_MS);
    try {
      await withinTime(this.#link.request(lane, records), outageMs);
      this.#tellBack();
      return undefined;
    } catch (caught) {
      const send = { servers: servers.join(','), topic, seconds: outageMs / 1000 };
      return explainFailedSend(caught, { ...send, link: this.#link });
    } finally {
      clearTimeout(notice);
    }
  }

  /** All lanes wait for the same cluster: told once. */
  #tellWaiting(): void {
    const { servers, outageMs, onNotice } = this.#settings;
    if (this.#toldWaiting) {
      return;
    }
    this.#toldWaiting = true;
    onNotice?.(
      `Kafka at ${servers.join(',')} acknowledges nothing for ${NOTICE_AFTER_MS / 1000} s ` +
        `(${this.#link.lastProblem()}); trying for ${outageMs / 1000} s.`,
    );
  }

  #tellBack(): void {
    if (this.#toldWaiting) {
      this.#toldWaiting = false;
      this.#settings.onNotice?.(`Kafka at ${this.#settings.servers.join(',')} acknowledges again.`);
    }
  }
}
