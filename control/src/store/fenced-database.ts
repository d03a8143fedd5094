import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import { SluiceError } from '../errors/sluice-error.ts';
import { migrate } from './migrations.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;
export type Values = Readonly<Record<string, SQLInputValue>>;

/** A database of which only the newest opener may write. */
export interface FencedDatabase {
  /** Runs the work in one transaction that is on disk when this returns. */
  write<Result>(work: () => Result): Result;
  change(sql: string, values: Values): number;
  one(sql: string, values?: Values): Row | undefined;
  all(sql: string, values?: Values): readonly Row[];
  close(): void;
}

/**
 * Opens a database file as its newest writer. WAL with synchronous FULL: a commit is fsynced before it returns
 * (https://www.sqlite.org/pragma.html#pragma_synchronous). Throws STATE_UNUSABLE or STATE_NEWER.
 */
export function openFencedDatabase(path: string): FencedDatabase {
  const database = translate(path, () => openDatabase(path));
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const epoch = translate(path, () => takeOver(database));
  return {
    write: (work) =>
      translate(path, () =>
        inTransaction(database, () => {
          refuseWhenTakenOver(database, epoch, path);
          return work();
        }),
      ),
    change: (sql, values) => Number(prepare(sql).run(values).changes),
    one: (sql, values = {}) => translate(path, () => prepare(sql).get(values)),
    all: (sql, values = {}) => translate(path, () => prepare(sql).all(values)),
    close: () => database.close(),
  };
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  migrate(database, path);
  return database;
}

/** Each opening takes the next epoch; from then on the writers before it are refused. */
function takeOver(database: DatabaseSync): number {
  return inTransaction(database, () => {
    const sql = 'INSERT INTO writers (epoch, opened_at) VALUES (NULL, $at)';
    return Number(database.prepare(sql).run({ at: new Date().toISOString() }).lastInsertRowid);
  });
}

function refuseWhenTakenOver(database: DatabaseSync, epoch: number, path: string): void {
  const newest = database.prepare('SELECT max(epoch) AS epoch FROM writers').get();
  if (Number(newest?.epoch) !== epoch) throw new SluiceError('STATE_TAKEN_OVER', { path });
}

function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** What SQLite throws (locked, full, read-only, not a database) becomes one error with a sentence. */
function translate<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new SluiceError('STATE_UNUSABLE', { path, problem }, { cause: error });
  }
}
