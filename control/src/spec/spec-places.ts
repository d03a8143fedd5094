import type { LineCounter } from 'yaml';
import type { FindingPlace } from '../errors/finding.ts';
import { offsetInScalar, type ScalarText } from './scalar-offset.ts';

/** A way into a spec: field names and list positions from its top. */
export type SpecPath = readonly (string | number)[];

/** Where one field stands in the source text; offsets count UTF-16 units. */
export interface PlaceRecord {
  /** Where its name starts, or its value when it is a list item. */
  readonly key: number;
  readonly value: number;
  readonly scalar?: ScalarText;
}

/** Finds the line and column of any part of a spec. Columns count UTF-16 units, as editors do. */
export class SpecPlaces {
  readonly #records: ReadonlyMap<string, PlaceRecord>;
  readonly #source: string;
  readonly #lines: LineCounter;

  constructor(records: ReadonlyMap<string, PlaceRecord>, source: string, lines: LineCounter) {
    this.#records = records;
    this.#source = source;
    this.#lines = lines;
  }

  /** The place of a field's name; of the nearest enclosing field when it is not in the text. */
  keyAt(path: SpecPath): FindingPlace {
    return this.#place(path, this.#nearest(path)?.key ?? 0);
  }

  /** The place of a field's value, or of the character `offset` inside a text value. */
  valueAt(path: SpecPath, offset = 0): FindingPlace {
    const record = this.#nearest(path);
    const inner = record?.scalar === undefined ? 0 : offsetInScalar(this.#source, record, offset);
    return this.#place(path, (record?.value ?? 0) + inner);
  }

  /** Whether the spec's text has this field. */
  has(path: SpecPath): boolean {
    return this.#records.has(pointerOf(path));
  }

  #nearest(path: SpecPath): PlaceRecord | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const record = this.#records.get(pointerOf(path.slice(0, length)));
      if (record !== undefined) {
        return record;
      }
    }
    return undefined;
  }

  #place(path: SpecPath, offset: number): FindingPlace {
    return { pointer: pointerOf(path), ...positionOf(this.#lines, offset) };
  }
}

/** Line and column from 1; the start of the text when it has no lines. */
export function positionOf(
  lines: LineCounter,
  offset: number,
): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** JSON pointer of a path (RFC 6901). */
export function pointerOf(path: SpecPath): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
