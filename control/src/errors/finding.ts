import { type ErrorCode, type ErrorParameters, entryOf, fillIn } from './catalogue.ts';

/** Where something stands in a spec text; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing lint has to say about a spec. Lint collects findings; it never throws them. */
export interface Finding extends Position {
  readonly rule: ErrorCode;
  readonly level: 'error' | 'warning';
  /** JSON pointer into the spec (RFC 6901), empty for the whole of it. */
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

export interface FindingPlace extends Position {
  readonly pointer: string;
  readonly level?: Finding['level'];
}

/** Makes a finding from the catalogue: found and wanted become its message, next becomes its hint. */
export function makeFinding(
  rule: ErrorCode,
  parameters: ErrorParameters,
  place: FindingPlace,
): Finding {
  const entry = entryOf(rule);
  return Object.freeze({
    rule,
    level: place.level ?? 'error',
    line: place.line,
    column: place.column,
    pointer: place.pointer,
    message: `${fillIn(entry.found, parameters)} ${fillIn(entry.wanted, parameters)}`,
    hint: fillIn(entry.next, parameters),
  });
}
