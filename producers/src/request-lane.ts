import type { KafkaRecord } from './kafka-link.ts';
import type { ProducerError } from './producer-errors.ts';

/** Records that are acknowledged or fail together. */
export interface RecordBatch {
  readonly records: readonly KafkaRecord[];
  readonly bytes: number;
}

/** What all lanes of a sender share: the first failure ends them all. */
export interface LaneFailure {
  first: ProducerError | undefined;
}

export interface LaneSettings {
  readonly maxRequestBytes: number;
  readonly failure: LaneFailure;
  /** Sends one request. Resolves with the failure, and never rejects. */
  readonly request: (records: readonly KafkaRecord[]) => Promise<ProducerError | undefined>;
  /** Told when a batch has settled either way. */
  readonly onSettled: (batch: RecordBatch) => void;
}

interface WaitingBatch extends RecordBatch {
  readonly resolve: () => void;
  readonly reject: (failure: ProducerError) => void;
}

/**
 * Keeps exactly one request under way and puts into the next what has come meanwhile. Two would be faster and wrong:
 * when the first has to be repeated, the second has overtaken it, and the broker refuses the numbers of one of them.
 */
export class RequestLane {
  readonly #settings: LaneSettings;
  #queue: WaitingBatch[] = [];
  #draining: Promise<void> | undefined;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
  }

  /** Resolves when the batch is acknowledged; rejects with the first failure of the sender. */
  send(batch: RecordBatch): Promise<void> {
    const settled = new Promise<void>((resolve, reject) => {
      this.#queue.push({ ...batch, resolve, reject });
    });
    this.#draining ??= this.#drain();
    return settled;
  }

  /** Resolves when nothing waits and nothing is under way. Never rejects. */
  async drained(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    const { failure, request } = this.#settings;
    // What is sent in the same turn travels together.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batches = this.#takeBatches();
      const problem = failure.first ?? (await request(batches.flatMap(({ records }) => records)));
      failure.first ??= problem;
      // Another lane's failure does not take back what this one's request has brought there.
      batches.forEach((batch) => {
        this.#settle(batch, problem);
      });
    }
    this.#draining = undefined;
  }

  #takeBatches(): readonly WaitingBatch[] {
    let bytes = 0;
    const tooMuch = this.#queue.findIndex((batch, index) => {
      bytes += batch.bytes;
      return index > 0 && bytes > this.#settings.maxRequestBytes;
    });
    return this.#queue.splice(0, tooMuch === -1 ? this.#queue.length : tooMuch);
  }

  #settle(batch: WaitingBatch, problem: ProducerError | undefined): void {
    this.#settings.onSettled(batch);
    if (problem === undefined) {
      batch.resolve();
    } else {
      batch.reject(problem);
    }
  }
}
