import type { FencedDatabase, Row, Values } from './fenced-database.ts';
import { readEventRow, readPipelineRow, readRunRow } from './read-rows.ts';
import type { Page, PageRequest, RunRecord, RunStore } from './run-store.ts';

export const newestRun = 'SELECT * FROM runs WHERE pipeline = $name ORDER BY attempt DESC LIMIT 1';

const runsToRestart = `SELECT runs.* FROM runs JOIN pipelines ON pipelines.name = runs.pipeline
  WHERE restart IS NOT NULL AND ended_at IS NOT NULL AND desired = 'RUNNING'
    AND attempt = (SELECT max(attempt) FROM runs AS other WHERE other.pipeline = runs.pipeline)`;

type RunReads = Pick<
  RunStore,
  | 'pipeline'
  | 'pipelines'
  | 'run'
  | 'runs'
  | 'latestRun'
  | 'liveRuns'
  | 'runsToRestart'
  | 'events'
  | 'checkWritable'
  | 'close'
>;

/** The part of the run store that changes nothing. */
export function runReads(database: FencedDatabase): RunReads {
  const optional = <Kind>(row: Row | undefined, convert: (row: Row) => Kind) =>
    row === undefined ? undefined : convert(row);
  return {
    pipeline: (name) =>
      optional(
        database.one('SELECT * FROM pipelines WHERE name = $name', { name }),
        readPipelineRow,
      ),
    pipelines: (request) =>
      readPage(
        database,
        { table: 'pipelines', order: 'name', values: {} },
        { request, convert: readPipelineRow },
      ),
    run: (id) => optional(database.one('SELECT * FROM runs WHERE id = $id', { id }), readRunRow),
    runs: (name, request) =>
      readPage(
        database,
        { table: 'runs WHERE pipeline = $name', order: 'attempt DESC', values: { name } },
        { request, convert: readRunRow },
      ),
    latestRun: (name) => optional(database.one(newestRun, { name }), readRunRow),
    liveRuns: (): readonly RunRecord[] =>
      database.all('SELECT * FROM runs WHERE ended_at IS NULL ORDER BY intent_at').map(readRunRow),
    runsToRestart: () => database.all(runsToRestart).map(readRunRow),
    events: (name, request) =>
      readPage(
        database,
        { table: 'events WHERE pipeline = $name', order: 'number', values: { name } },
        { request, convert: readEventRow },
      ),
    checkWritable: () => database.write(() => undefined),
    close: () => database.close(),
  };
}

function readPage<Item>(
  database: FencedDatabase,
  from: { table: string; order: string; values: Values },
  page: { request: PageRequest; convert: (row: Row) => Item },
): Page<Item> {
  const count = database.one(`SELECT count(*) AS total FROM ${from.table}`, from.values);
  const sql = `SELECT * FROM ${from.table} ORDER BY ${from.order} LIMIT $size OFFSET $from`;
  const rows = database.all(sql, { ...from.values, ...page.request });
  return Object.freeze({
    ...page.request,
    total: Number(count?.total ?? 0),
    items: Object.freeze(rows.map(page.convert)),
  });
}
