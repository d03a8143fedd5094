import { describe, expect, it } from 'vitest';
import { checkCells } from './check-cells.ts';
import { type Cell, expectRows, marketColumns } from './expected-rows.ts';
import { makeMarketPage } from './market-pages.ts';

const coin = {
  ...{ id: 'a', name: 'A, "b"', symbol: 's', current_price: 4, market_cap: 1.5e9 },
  ...{ total_volume: 1000.5, high_24h: 12.5, low_24h: 9.5, price_change_24h: null, ath: 12 },
  ...{ price_change_percentage_24h: -2.5, ath_date: null, atl: 1e-8, roi: null },
  ...{ atl_date: '2013-07-06T00:00:00.000Z', last_updated: '2026-11-24T03:00:21.435Z' },
};

describe('the rows that a snapshot must give', () => {
  it('have 20 columns and the volatility, as the spec says', () => {
    expect(marketColumns).toHaveLength(21);
    const [row] = expectRows(JSON.stringify({ results: [coin] }));
    expect(Object.fromEntries(marketColumns.map((name, place) => [name, row?.[place]]))).toEqual({
      ...coin,
      ath_date: null,
      atl_date: new Date('2013-07-06T00:00:00Z'),
      last_updated: new Date('2026-11-24T03:00:21.435Z'),
      ...{ currency: null, percentage: null, times: null },
      ...{ hour_updated: 3, day_updated: 'Tuesday', volatility_24h: 75 },
      roi: undefined,
    });
  });

  it.each([
    ['a price of 0', { current_price: 0 }],
    ['no price', { current_price: null }],
    ['no high', { high_24h: null }],
    ['no low', { low_24h: undefined }],
  ])('have no volatility with %s', (_title, change) => {
    expect(rowOf(change).at(-1)).toBeNull();
  });

  it('have no hour and no day where the time is none', () => {
    expect(rowOf({ last_updated: 'soon' }).slice(-3, -1)).toEqual([null, null]);
  });

  it.each([1000, 999.99, 0, null])('are none for a coin with the volume %s', (total_volume) => {
    expect(expectRows(JSON.stringify({ results: [{ ...coin, total_volume }] }))).toEqual([]);
  });

  it('are other ones for each snapshot of the stand-in, with everything that is awkward', () => {
    const [first, second] = [1, 2].map((snapshot) => pageRows(snapshot));
    expect(first?.length).toBeGreaterThan(50);
    expect(first?.length).toBeLessThan(100);
    expect(first).not.toEqual(second);
    for (const column of ['volatility_24h', 'ath_date', 'last_updated', 'currency', 'times']) {
      const cells = first?.map((row) => row[marketColumns.indexOf(column)]);
      expect(
        cells?.some((cell) => cell === null),
        column,
      ).toBe(true);
      expect(
        cells?.some((cell) => cell !== null),
        column,
      ).toBe(true);
    }
  });
});

describe('the comparison of the merged file with these rows', () => {
  const rows = pageRows(1);

  it('finds nothing where all rows are there, in any order and as Spark writes them', () => {
    expect(checkCells(csvOf(rows.toReversed()), rows)).toMatchObject({
      rowsExpected: rows.length,
      rowsMerged: rows.length,
      ...{ missing: 0, doubled: 0, wrongCells: 0 },
    });
  });

  it('counts a row that is not there, and one that is there twice', () => {
    expect(checkCells(csvOf(rows.slice(1)), rows)).toMatchObject({ missing: 1, doubled: 0 });
    const twice = [...rows, rows[0] ?? []];
    expect(checkCells(csvOf(twice), rows)).toMatchObject({ missing: 0, doubled: 1, wrongCells: 0 });
  });

  it.each(marketColumns)('counts one changed cell of %s', (column) => {
    const place = marketColumns.indexOf(column);
    const changed = rows.map((row, index) =>
      index === 0 ? row.with(place, column === 'day_updated' ? 'Doomsday' : 77) : row,
    );
    const check = checkCells(csvOf(changed), rows);
    if (column === 'id' || column === 'last_updated') {
      expect(check).toMatchObject({ missing: 1, wrongCells: 21 });
    } else {
      expect(check).toMatchObject({ missing: 0, doubled: 0, wrongCells: 1 });
      expect(check.examples[0]).toContain(column);
    }
  });

  it('tells no value from an empty text, and nearly the same number from the same', () => {
    const wanted = [rowOf({ name: '', ath: 0.1 + 0.2 })];
    const change = (from: string, to: string) => csvOf(wanted).replace(from, to);
    expect(checkCells(csvOf(wanted), wanted)).toMatchObject({ wrongCells: 0 });
    expect(checkCells(change('a,"",', 'a,,'), wanted)).toMatchObject({ wrongCells: 1 });
    expect(checkCells(change('0.30000000000000004', '0.3'), wanted)).toMatchObject({
      wrongCells: 1,
    });
  });

  it('counts columns that have another name, or are too many', () => {
    expect(checkCells(csvOf(rows).replace('symbol', 'ticker'), rows).wrongCells).toBe(1);
    expect(checkCells(csvOf(rows).replace('volatility_24h', 'volatility_24h,x'), rows)).toEqual(
      expect.objectContaining({ missing: 0, wrongCells: 1 }),
    );
  });

  it('counts all rows as missing when there is no file', () => {
    expect(checkCells('', rows)).toMatchObject({ rowsMerged: 0, missing: rows.length });
  });
});

function rowOf(change: object): readonly Cell[] {
  return expectRows(JSON.stringify({ results: [{ ...coin, ...change }] }))[0] ?? [];
}

function pageRows(snapshot: number): readonly (readonly Cell[])[] {
  const list = makeMarketPage({ snapshot, page: 1, perPage: 100 });
  return expectRows(`{"results":${list}}`);
}

/** Doubles with a point and times with six digits, as Spark writes them. */
function csvOf(rows: readonly (readonly Cell[])[]): string {
  const write = (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return Number.isInteger(cell) ? cell.toFixed(1) : String(cell);
    if (cell instanceof Date) return cell.toISOString().replace('Z', '000Z');
    return /^[\w-]+$/.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`;
  };
  return [marketColumns, ...rows.map((row) => row.map(write))].map((row) => `${row}\n`).join('');
}
