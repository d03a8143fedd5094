import type { FieldSpec, FieldType } from './page-spec.ts';

/** A value as JSON text, which keeps digits that JavaScript would lose. Undefined: the text is no such value. */
export type JsonText = string;

export interface ValueContext {
  readonly field: Pick<FieldSpec, 'type' | 'decimalComma'>;
  /** What relative links are relative to. */
  readonly base: URL;
}

/** Reads a text that is not empty as the field's type. */
export function readValue(text: string, { field, base }: ValueContext): JsonText | undefined {
  return readers[field.type](text, { field, base });
}

/** What to write after "It must be". */
export const VALUE_WANTED: Readonly<Record<FieldType, string>> = {
  text: 'some text',
  number: 'a number, as 1,234.5',
  integer: 'a whole number',
  boolean: 'true or false, yes or no, on or off, 1 or 0',
  date: 'a date, as 2026-11-24, 2026-11-24T08:30:00Z or November 24, 2026',
  link: 'an address of the web',
};

type Reader = (text: string, context: ValueContext) => JsonText | undefined;

const readers: Readonly<Record<FieldType, Reader>> = {
  text: (text) => JSON.stringify(text),
  number: (text, { field }) => readNumber(text, field.decimalComma),
  integer: (text, { field }) => {
    const number = readNumber(text, field.decimalComma);
    return number !== undefined && /^-?\d+$/.test(number) ? number : undefined;
  },
  boolean: (text) => BOOLEANS.get(text.toLowerCase()),
  date: (text) => {
    const date = readIsoDate(text) ?? readEnglishDate(text);
    return date === undefined ? undefined : JSON.stringify(date);
  },
  link: (text, { base }) => readLink(text, base),
};

const BOOLEANS: ReadonlyMap<string, JsonText> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, 'true'] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, 'false'] as const),
]);

/** Groups of three digits may be set apart; a minus may be the typographer's. More than 30 digits are no figure. */
function readNumber(text: string, decimalComma: boolean): JsonText | undefined {
  const plain = text.replace(/^[−–]/, '-').replaceAll(/[\s'’]/g, '');
  const [group, point] = decimalComma ? ['\\.', ','] : [',', '\\.'];
  const shape = new RegExp(`^[+-]?(\\d+|\\d{1,3}(?:${group}\\d{3})+)(?:${point}(\\d+))?$`);
  const [, whole, fraction] = shape.exec(plain) ?? [];
  if (whole === undefined || whole.length + (fraction?.length ?? 0) > 30) {
    return undefined;
  }
  const digits = whole.replaceAll(/[.,]/g, '').replace(/^0+(?=\d)/, '');
  const sign = plain.startsWith('-') && /[1-9]/.test(plain) ? '-' : '';
  return `${sign}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A day stays a day; a time needs a zone, because a guess would be wrong half of the time. */
function readIsoDate(text: string): string | undefined {
  const [, day, time] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})))?$/.exec(
      text,
    ) ?? [];
  if (day === undefined || !isDay(day)) {
    return undefined;
  }
  return time === undefined ? day : toInstant(`${day}T${time}`);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `24 November 2026`, `Nov 24, 2026`, or the dates of HTTP. */
function readEnglishDate(text: string): string | undefined {
  if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]\d{4})$/.test(text)) {
    return toInstant(text);
  }
  const dayFirst = /^(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4})$/.exec(text);
  const monthFirst = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$/.exec(text);
  const [day, month, year] =
    dayFirst === null
      ? [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]]
      : [dayFirst[1], dayFirst[2], dayFirst[3]];
  const number = MONTHS.findIndex((name) => month?.toLowerCase().startsWith(name)) + 1;
  const date = `${year}-${String(number).padStart(2, '0')}-${day?.padStart(2, '0')}`;
  return number > 0 && isDay(date) ? date : undefined;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function toInstant(text: string): string | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function readLink(text: string, base: URL): JsonText | undefined {
  const url = URL.canParse(text, base.href) ? new URL(text, base) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? JSON.stringify(url.href) : undefined;
}
