/** Counts bytes that are sent but not acknowledged, and lets senders wait for room. */
export class InFlight {
  readonly #limit: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) {
      wake();
    }
  }

  /** Resolves when fewer bytes than the limit are in flight. */
  async ready(): Promise<void> {
    while (this.#bytes >= this.#limit) {
      await this.#change();
    }
  }

  /** Resolves when nothing is in flight. */
  async empty(): Promise<void> {
    while (this.#bytes > 0) {
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
