/**
 * Follows how many events from the first on are acknowledged without a gap, when groups of them are acknowledged in
 * another order than they were sent.
 */
export class AckedPrefix {
  #length = 0;
  readonly #later = new Map<number, number>();

  get length(): number {
    return this.#length;
  }

  /** Events `start` up to, not including, `start + count`, counted from 0, are acknowledged. */
  add(start: number, count: number): void {
    this.#later.set(start, count);
    for (let more = this.#later.get(this.#length); more !== undefined; ) {
      this.#later.delete(this.#length);
      this.#length += more;
      more = this.#later.get(this.#length);
    }
  }
}
