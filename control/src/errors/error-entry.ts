/** What the process exits with: 1 it failed, 2 the input is wrong, 3 the machine is not ready or not everything could be done, 4 refused because somebody else owns it. */
export type ExitCode = 1 | 2 | 3 | 4;

/**
 * One line of the error catalogue. `found`, `wanted` and `next` are sentences in which `{name}` stands for a
 * parameter; together they answer: what is there, what should be there, what to do now.
 */
export interface ErrorEntry {
  /** HTTP status of an answer that carries this error. */
  readonly status: number;
  readonly exit: ExitCode;
  readonly found: string;
  readonly wanted: string;
  readonly next: string;
}

/** Types a part of the catalogue without widening its codes. */
export function defineErrors<const Part extends Readonly<Record<string, ErrorEntry>>>(
  part: Part,
): Part {
  return Object.freeze(part);
}
