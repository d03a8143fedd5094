import { type ErrorCode, type ErrorParameters, entryOf, fillIn } from './catalogue.ts';

/** Thrown when something other than user input is wrong. User input yields findings instead. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly parameters: ErrorParameters;

  constructor(code: ErrorCode, parameters: ErrorParameters = {}, options?: ErrorOptions) {
    const entry = entryOf(code);
    super(`${fillIn(entry.found, parameters)} ${fillIn(entry.wanted, parameters)}`, options);
    this.code = code;
    this.parameters = parameters;
  }

  /** What to do now, as one sentence. */
  get next(): string {
    return fillIn(entryOf(this.code).next, this.parameters);
  }

  get status(): number {
    return entryOf(this.code).status;
  }
}
