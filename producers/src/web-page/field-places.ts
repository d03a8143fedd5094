import type { CheerioAPI } from 'cheerio';

/** An element of a page. */
export type PageElement = ReturnType<typeof findElements>[number];

/** What a selector finds in the whole page, in its order. */
export function findElements(page: CheerioAPI, selector: string) {
  return page(selector).toArray();
}

/** Gives the first element of a field in the row of this number, from 0; undefined when the row has none. */
export type FieldPlace = (row: number) => PageElement | undefined;

export interface PageWithRows {
  readonly page: CheerioAPI;
  readonly rows: readonly PageElement[];
}

/** Selectors that count, look around or are relative to the row must be asked in each row. */
const NEEDS_ROW = /[:>+~]/;

/**
 * Finds a field in all rows. A plain selector is asked once for the page and its finds are shared out, which takes a
 * tenth of the time of asking it in each of a thousand rows.
 */
export function locateField({ page, rows }: PageWithRows, select: string | undefined): FieldPlace {
  if (select === undefined) {
    return (row) => rows[row];
  }
  if (NEEDS_ROW.test(select)) {
    return (row) => page(rows[row]).find(select).get(0);
  }
  const numbers = new Map<unknown, number>(rows.map((element, row) => [element, row]));
  const firsts = new Map<number, PageElement>();
  for (const element of findElements(page, select)) {
    // Rows may lie in rows, so that the way up goes on to the top.
    for (let above = element.parent; above !== null; above = above.parent) {
      const row = numbers.get(above);
      if (row !== undefined && !firsts.has(row)) {
        firsts.set(row, element);
      }
    }
  }
  return (row) => firsts.get(row);
}
