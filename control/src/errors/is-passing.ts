import type { ErrorCode } from './catalogue.ts';
import { SluiceError } from './sluice-error.ts';

/** What says nothing about a driver and goes away without anybody changing the pipeline. */
const passing: readonly ErrorCode[] = [
  'AWS_CREDENTIALS_MISSING',
  'AWS_CREDENTIALS_REFUSED',
  'AWS_THROTTLED',
  'AWS_UNREACHABLE',
  'GLUE_START_UNSURE',
];

/** Whether the same may be tried again until it works: what was tried has neither been done nor been refused. */
export function isPassing(error: unknown): error is SluiceError {
  return error instanceof SluiceError && passing.includes(error.code);
}
