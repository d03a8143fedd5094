import { type CheerioAPI, load } from 'cheerio';
import { findElements, locateField, type PageElement } from './field-places.ts';
import { type JsonText, readValue, VALUE_WANTED } from './field-values.ts';
import type { FieldSpec, PageSpec } from './page-spec.ts';

const LONGEST_SHOWN = 60;
/** A page of a thousand broken rows needs no thousand lines. */
const MOST_PROBLEMS = 5;

/** A row of the page: the JSON text of each field, in the order of the fields. */
export interface PageRow {
  readonly key: string;
  readonly values: readonly JsonText[];
}

export interface PageRows {
  readonly rows: readonly PageRow[];
  /** Rows that are not among `rows`, because a field is not as it should be. */
  readonly refused: number;
  /** What is not as the page's description says; empty when all is well. */
  readonly problems: readonly string[];
  /** The address behind the link to the next page. */
  readonly next?: URL | undefined;
}

/** Finds the rows in a page. Never throws for what the page holds. */
export function readRows(html: string, url: URL, spec: PageSpec): PageRows {
  const page = load(html);
  const base = readBase(page, url);
  const found = findElements(page, spec.rows);
  if (found.length === 0) {
    const problem = `rows: ${JSON.stringify(spec.rows)} finds nothing`;
    return { rows: [], refused: 0, problems: [problem] };
  }
  const places = spec.fields.map(({ select }) => locateField({ page, rows: found }, select));
  const rows = new Map<string, PageRow>();
  const problems = new Map<string, number>();
  let refused = 0;
  for (let index = 0; index < found.length; index += 1) {
    const texts = spec.fields.map((field, column) =>
      readText(page, field, places[column]?.(index)),
    );
    const row = readRow(texts, base, spec);
    const problem = 'problem' in row ? row.problem : findRival(rows, row);
    if (problem === undefined && !('problem' in row)) {
      rows.set(row.key, row);
    } else {
      refused += 1;
      problems.set(problem ?? '', (problems.get(problem ?? '') ?? 0) + 1);
    }
  }
  const sentences = [...problems].map(
    ([problem, count]) => `${problem} (${count} of ${found.length} rows)`,
  );
  return {
    rows: [...rows.values()],
    refused,
    problems: sentences.slice(0, MOST_PROBLEMS),
    next: readNext(page, base, spec),
  };
}

/** Two contents of one key would take turns in being news. */
function findRival(rows: ReadonlyMap<string, PageRow>, row: PageRow): string | undefined {
  const other = rows.get(row.key);
  return other === undefined || other.values.join() === row.values.join()
    ? undefined
    : `key: ${cut(row.key)} stands for different rows`;
}

function readRow(
  texts: readonly string[],
  base: URL,
  spec: PageSpec,
): PageRow | { readonly problem: string } {
  const values: JsonText[] = [];
  for (const [index, field] of spec.fields.entries()) {
    const text = texts[index] ?? '';
    const value = text === '' ? 'null' : readValue(text, { field, base });
    if (text === '' && field.required) {
      return { problem: `${field.name}: ${describePlace(field)} is empty` };
    }
    if (value === undefined || text.includes('�')) {
      const wanted =
        value === undefined ? VALUE_WANTED[field.type] : 'free of unreadable characters';
      return { problem: `${field.name}: ${JSON.stringify(cut(text))} is not ${wanted}` };
    }
    values.push(value);
  }
  const key = spec.key.map((name) => values[spec.fields.findIndex((each) => each.name === name)]);
  return { key: key.join(','), values };
}

/** Blanks and line ends are layout in HTML, so that each run of them is one blank. */
function readText(
  page: CheerioAPI,
  { attribute, match }: FieldSpec,
  place: PageElement | undefined,
): string {
  const raw = place === undefined ? '' : readRaw(page, place, attribute);
  const text = raw.replaceAll(/[\s\u00A0]+/g, ' ').trim();
  if (match === undefined || text === '') {
    return text;
  }
  const matcher = match.matcher(text);
  const group = matcher.find() ? matcher.group(match.groupCount() > 0 ? 1 : 0) : null;
  return (group ?? '').trim();
}

function readRaw(page: CheerioAPI, place: PageElement, attribute: string | undefined): string {
  if (attribute === undefined) {
    return page.text([place]);
  }
  return ('attribs' in place ? place.attribs[attribute] : undefined) ?? '';
}

function readNext(page: CheerioAPI, base: URL, { next }: PageSpec): URL | undefined {
  const address = next === undefined ? undefined : page(next.select).first().attr('href');
  const url =
    address !== undefined && URL.canParse(address, base.href) ? new URL(address, base) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}

function readBase(page: CheerioAPI, url: URL): URL {
  const base = page('base[href]').first().attr('href');
  return base !== undefined && URL.canParse(base, url.href) ? new URL(base, url) : url;
}

function describePlace({ select, attribute }: FieldSpec): string {
  const place = select === undefined ? 'the row' : JSON.stringify(select);
  return attribute === undefined ? place : `${attribute} of ${place}`;
}

function cut(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
