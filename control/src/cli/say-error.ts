import { catalogue, type ErrorCode, entryOf } from '../errors/catalogue.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { harmless, paint, say } from './print-text.ts';

/** Says an error and what to do, and returns what the process exits with. */
export function sayError(error: unknown): number {
  const known =
    error instanceof SluiceError
      ? error
      : new SluiceError('INTERNAL', { problem: String(error) }, { cause: error });
  sayProblem({ code: known.code, detail: known.message, next: known.next });
  return entryOf(known.code).exit;
}

export interface SpokenProblem {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
}

export function sayProblem({ code, detail, next }: SpokenProblem): void {
  say(`${paint.red('error')} ${code}: ${harmless(detail).trim()}`);
  say(`  ${harmless(next)}`);
}

/** The exit code of a code that came over the wire. */
export function exitOf(code: string): number {
  return Object.hasOwn(catalogue, code) ? entryOf(code as ErrorCode).exit : 1;
}
