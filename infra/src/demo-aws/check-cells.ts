import { parse } from 'csv-parse/sync';
import { type Cell, marketColumns } from './expected-rows.ts';

/** How a merged file differs from what it must be, cell by cell. */
export interface CellCheck {
  readonly rowsExpected: number;
  readonly rowsMerged: number;
  /** Rows that must be there and are not. */
  readonly missing: number;
  /** Rows that are there more often than they must be. */
  readonly doubled: number;
  /** Cells that hold something else, names of columns among them; all cells of a row that nothing led to. */
  readonly wrongCells: number;
  /** The first few of them, in words. */
  readonly examples: readonly string[];
}

type Row = readonly Cell[];
type MergedRow = readonly (string | null)[];

const MOST_EXAMPLES = 5;
const ID = marketColumns.indexOf('id');
const UPDATED = marketColumns.indexOf('last_updated');

/** Compares a merged CSV with the rows it must have, in any order. */
export function checkCells(csv: string, expected: readonly Row[]): CellCheck {
  const [header = [], ...rows] = readRecords(csv);
  const waiting = groupRows(expected);
  const wrong = marketColumns.filter((name, place) => header[place] !== name).map(describeColumn);
  const extra = Math.max(0, header.length - marketColumns.length);
  let doubled = 0;
  for (const row of rows) {
    const verdict = takeRow(waiting, row);
    doubled += verdict === 'doubled' ? 1 : 0;
    wrong.push(...(verdict === 'doubled' ? [] : verdict));
  }
  const missing = [...waiting.values()].reduce((sum, left) => sum + left.length, 0);
  return {
    rowsExpected: expected.length,
    rowsMerged: rows.length,
    missing,
    doubled,
    wrongCells: wrong.length + extra,
    examples: wrong.slice(0, MOST_EXAMPLES),
  };
}

/** An empty cell is null, and an empty text is in quotes. */
function readRecords(csv: string): readonly MergedRow[] {
  return parse(csv, {
    relax_column_count: true,
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  }) as unknown as readonly MergedRow[];
}

function describeColumn(name: string): string {
  return `the header has no ${name} where it must be`;
}

/** Coin and time name a row; coins without a time have one name for all snapshots. */
function groupRows(expected: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of expected) {
    const updated = row[UPDATED];
    const name = nameRow(row[ID], updated instanceof Date ? updated.getTime() : null);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

function nameRow(id: unknown, time: number | null): string {
  return JSON.stringify([id, time]);
}

/** Takes the expected row that is nearest to a merged one out of those that wait; returns the cells that differ. */
function takeRow(waiting: Map<string, Row[]>, row: MergedRow): readonly string[] | 'doubled' {
  const updated = row[UPDATED];
  const name = nameRow(row[ID], updated == null ? null : Date.parse(updated));
  const candidates = waiting.get(name);
  if (candidates === undefined) return marketColumns.map((column) => `${name} ${column}: foreign`);
  const [nearest] = candidates
    .map((candidate) => ({ candidate, differences: compare(candidate, row) }))
    .sort((one, other) => one.differences.length - other.differences.length);
  if (nearest === undefined) return 'doubled';
  candidates.splice(candidates.indexOf(nearest.candidate), 1);
  return nearest.differences.map((difference) => `${name} ${difference}`);
}

function compare(wanted: Row, found: MergedRow): readonly string[] {
  const surplus = found.slice(wanted.length).map((cell) => `one cell too many: ${cell}`);
  const differences = wanted.flatMap((cell, place) => {
    const other = found[place] ?? null;
    return isSame(cell, other) ? [] : [`${marketColumns[place]}: ${other} instead of ${cell}`];
  });
  return [...differences, ...surplus];
}

/** Numbers are the same when they are the same double: Java and JavaScript write some of them differently. */
function isSame(wanted: Cell, found: string | null): boolean {
  if (wanted === null || found === null) return wanted === found;
  if (typeof wanted === 'string') return wanted === found;
  if (typeof wanted === 'number') return found.trim() !== '' && Number(found) === wanted;
  return Date.parse(found) === wanted.getTime();
}
