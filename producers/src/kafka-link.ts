/** One event as its bytes. */
export interface KafkaRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

/**
 * A connection to one topic through one client library, idempotent and acknowledged by all in-sync replicas. The sender
 * puts order, batches and deadlines on top, the same for each library.
 */
export interface KafkaLink {
  /** How many requests may be under way together, one of each lane. */
  readonly lanes: number;
  /** The lane of a key, from 0. All events of a partition have one lane, which keeps them in their order. */
  laneOf(key: Buffer): number;
  /** Resolves when all of them are acknowledged; rejects with whatever the library says. */
  request(lane: number, records: readonly KafkaRecord[]): Promise<void>;
  /** What the library complained about last; it says more than that time is up. */
  lastProblem(): string;
  /** What a rejection of request() means. */
  explain(caught: unknown): RejectedRequest;
  /** May never settle when the cluster is away. */
  close(): Promise<void>;
}

export interface RejectedRequest {
  /** The cluster stayed away until the library gave up; otherwise it answered and will not take the events. */
  readonly away: boolean;
  readonly problem: string;
}

/** Where a link leads, and how long it may take. */
export interface LinkSettings {
  /** `host:port` of one or more brokers of one cluster. */
  readonly servers: readonly string[];
  readonly topic: string;
  /** How long the cluster may stay away at the start, in milliseconds. */
  readonly deadlineMs: number;
  /** How long the cluster may stay away later, in milliseconds. The library must not give up before. */
  readonly outageMs: number;
}
