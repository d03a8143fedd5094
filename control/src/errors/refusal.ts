/** A store did not write, because its condition did not hold, or because it cannot tell yet. */
export class Refusal extends Error {
  /** As the store calls it. */
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.reason = reason;
  }
}
