import type { DatabaseSync } from 'node:sqlite';
import { SluiceError } from '../errors/sluice-error.ts';

/** Applied in order, each once; entry 0 makes schema 1. Never change one that was released: add another. */
const migrations: readonly string[] = [
  `CREATE TABLE writers (epoch INTEGER PRIMARY KEY, opened_at TEXT NOT NULL) STRICT;
   CREATE TABLE pipelines (
     name TEXT PRIMARY KEY, spec TEXT NOT NULL, revision INTEGER NOT NULL, desired TEXT NOT NULL,
     epoch INTEGER NOT NULL, generation INTEGER NOT NULL, created_at TEXT NOT NULL, changed_at TEXT NOT NULL
   ) STRICT;
   CREATE TABLE runs (
     id TEXT PRIMARY KEY, pipeline TEXT NOT NULL REFERENCES pipelines (name) ON DELETE CASCADE,
     attempt INTEGER NOT NULL, revision INTEGER NOT NULL, epoch INTEGER NOT NULL, generation INTEGER NOT NULL,
     control_folder TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL, seen_at TEXT NOT NULL, cause TEXT, handle TEXT,
     intent_at TEXT NOT NULL, submitted_at TEXT, ended_at TEXT, stop TEXT, last_batch INTEGER,
     UNIQUE (pipeline, attempt)
   ) STRICT;
   CREATE UNIQUE INDEX one_live_run ON runs (pipeline) WHERE ended_at IS NULL;
   CREATE TABLE events (
     number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, pipeline TEXT NOT NULL, run TEXT,
     what TEXT NOT NULL, detail TEXT NOT NULL
   ) STRICT;
   CREATE INDEX events_of_pipeline ON events (pipeline, number);
   CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
   CREATE TRIGGER events_last BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;`,
  `ALTER TABLE pipelines ADD COLUMN target TEXT NOT NULL DEFAULT 'local';
   ALTER TABLE runs ADD COLUMN target TEXT NOT NULL DEFAULT 'local';`,
  'ALTER TABLE runs ADD COLUMN restart TEXT;',
];

/**
 * Brings a database to the newest schema. The number is written first inside the transaction, so a rival that
 * migrates at the same time fails on the lock and then finds nothing to do. Throws STATE_NEWER for a schema of
 * a later Sluice.
 */
export function migrate(database: DatabaseSync, path: string): void {
  const found = schemaNumber(database);
  if (found > migrations.length) {
    throw new SluiceError('STATE_NEWER', { path, found, known: migrations.length });
  }
  for (let number = found + 1; number <= migrations.length; number += 1) apply(database, number);
}

function apply(database: DatabaseSync, number: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (schemaNumber(database) < number) {
      database.exec(`PRAGMA user_version = ${number}`);
      database.exec(migrations[number - 1] ?? '');
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function schemaNumber(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}
