import type { RE2JS } from 're2js';

export const FIELD_TYPES = ['text', 'number', 'integer', 'boolean', 'date', 'link'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** One column: where in a row its text stands, and what it is. */
export interface FieldSpec {
  readonly name: string;
  /** CSS selector within the row; the row itself when absent. The first match counts. */
  readonly select?: string | undefined;
  /** The attribute that holds the text; the element's own text when absent. */
  readonly attribute?: string | undefined;
  /** Keeps the first group of the first match, or the whole match without groups. */
  readonly match?: RE2JS | undefined;
  readonly type: FieldType;
  readonly required: boolean;
  /** Whether a number is written 1.234,5 and not 1,234.5. */
  readonly decimalComma: boolean;
}

/** A page of the web as a table, checked. */
export interface PageSpec {
  readonly page: string;
  readonly urls: readonly URL[];
  /** CSS selector of the rows. */
  readonly rows: string;
  readonly fields: readonly FieldSpec[];
  /** Names of the fields that tell one row from another. */
  readonly key: readonly string[];
  /** CSS selector of the link to the next page, and how many pages are read at most. */
  readonly next?: { readonly select: string; readonly pages: number } | undefined;
  readonly everyMs: number;
  /** A random part of it comes on top of each interval. */
  readonly jitterMs: number;
  /** From one request to the next to one host; robots.txt may ask for more. */
  readonly pauseMs: number;
  readonly limits: { readonly bytes: number; readonly timeMs: number; readonly redirects: number };
  /** How many keys are remembered. */
  readonly remember: number;
  /** An address at which the owner of the site reaches us, part of the user agent. */
  readonly contact?: string | undefined;
  /** Changes when rows may come out differently from the same page. */
  readonly fingerprint: string;
}

/** Columns that each row gets besides its fields. */
export const STAMPS = ['pageUrl', 'seenAt'] as const;
