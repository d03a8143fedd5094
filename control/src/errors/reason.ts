import type { ErrorCode, ErrorParameters } from './catalogue.ts';

/** Why something is so: an entry of the catalogue and the values of its sentences. */
export interface Reason {
  readonly code: ErrorCode;
  readonly parameters: ErrorParameters;
}
