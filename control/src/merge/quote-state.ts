import { fieldStart, plain, quoted, quoteSeen } from './record-states.ts';

const newline = 0x0a;

/** Follows doubled quotes through a chunk when it is shown only the quotes, not every byte between them. */
export class QuoteState {
  inside: boolean;
  readonly #delimiter: number;
  readonly #beginsField: boolean;
  /** Where quotes were closed last: another quote right behind it opens them again. */
  #closedAt: number;

  constructor(state: number, delimiter: number) {
    this.inside = state === quoted;
    this.#delimiter = delimiter;
    this.#beginsField = state === fieldStart;
    this.#closedAt = state === quoteSeen ? -1 : Number.NaN;
  }

  /** Takes the quote at an offset of the chunk. */
  meet(chunk: Uint8Array, at: number): void {
    if (this.inside) {
      this.inside = false;
      this.#closedAt = at;
    } else {
      this.inside = this.#closedAt === at - 1 || this.#opensAt(chunk, at);
    }
  }

  /** The state behind the last byte of a chunk that is not empty. */
  stateAfter(chunk: Uint8Array): number {
    if (this.inside) return quoted;
    if (this.#closedAt === chunk.length - 1) return quoteSeen;
    return this.#opensAt(chunk, chunk.length) ? fieldStart : plain;
  }

  #opensAt(chunk: Uint8Array, at: number): boolean {
    if (at === 0) return this.#beginsField;
    return chunk[at - 1] === this.#delimiter || chunk[at - 1] === newline;
  }
}
