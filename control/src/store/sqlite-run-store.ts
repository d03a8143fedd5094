import { type FencedDatabase, openFencedDatabase, type Values } from './fenced-database.ts';
import { readPipelineRow, readRunRow } from './read-rows.ts';
import { newestRun, runReads } from './run-reads.ts';
import type { AppliedSpec, PipelineRecord, RunIntent, RunStore } from './run-store.ts';

const liveRun = 'SELECT * FROM runs WHERE pipeline = $name AND ended_at IS NULL';
/** A run may write while it has not ended and no later start has been accepted. */
const mayWrite = `id = $id AND ended_at IS NULL
  AND epoch = (SELECT epoch FROM pipelines WHERE name = runs.pipeline)`;

/**
 * Opens the run store in a database file, makes it when it is new, and takes it over from an older service.
 * Throws STATE_UNUSABLE or STATE_NEWER.
 */
export function openRunStore(path: string): RunStore {
  const database = openFencedDatabase(path);
  return { ...pipelineWrites(database), ...runWrites(database), ...runReads(database) };
}

type PipelineWrites = Pick<
  RunStore,
  'savePipeline' | 'removePipeline' | 'setDesired' | 'writeIntent'
>;
type RunWrites = Pick<RunStore, 'recordHandle' | 'recordMove' | 'recordStop' | 'recordRestart'>;

function pipelineWrites(database: FencedDatabase): PipelineWrites {
  return {
    savePipeline: (name, spec, at) =>
      database.write(() => savePipeline(database, name, { ...spec, at })),
    removePipeline: (name, at) =>
      database.write(() => {
        const runs = database.all('SELECT id FROM runs WHERE pipeline = $name', { name });
        database.change('DELETE FROM pipelines WHERE name = $name', { name });
        addEvent(database, { pipeline: name, at, what: 'removed' });
        return runs.map((row) => String(row.id));
      }),
    setDesired: (name, desired, at) =>
      database.write(() => {
        const sql = 'UPDATE pipelines SET desired = $desired, changed_at = $at WHERE name = $name';
        database.change(sql, { name, desired, at });
        addEvent(database, { pipeline: name, at, what: 'desired', detail: { desired } });
      }),
    writeIntent: (intent, at) =>
      database.write(() => {
        const name = intent.pipeline;
        const live = database.one(liveRun, { name });
        if (live) return { run: readRunRow(live), isNew: false };
        insertIntent(database, intent, at);
        addEvent(database, { pipeline: name, run: intent.id, at, what: 'intent' });
        return { run: readRunRow(database.one(newestRun, { name }) ?? {}), isNew: true };
      }),
  };
}

function savePipeline(
  database: FencedDatabase,
  name: string,
  { spec, target, at }: AppliedSpec & { readonly at: string },
): PipelineRecord {
  const sql = `INSERT INTO pipelines
      (name, spec, target, revision, desired, epoch, generation, created_at, changed_at)
    VALUES ($name, $spec, $target, 1, 'STOPPED', 0, 1, $at, $at)
    ON CONFLICT (name) DO UPDATE SET spec = $spec, target = $target, revision = revision + 1,
      changed_at = $at WHERE spec <> $spec OR target <> $target`;
  const changed = database.change(sql, { name, spec, target, at });
  const saved = readPipelineRow(
    database.one('SELECT * FROM pipelines WHERE name = $name', { name }) ?? {},
  );
  const detail = { revision: saved.revision, target };
  if (changed > 0) addEvent(database, { pipeline: name, at, what: 'applied', detail });
  return saved;
}

function insertIntent(database: FencedDatabase, intent: RunIntent, at: string): void {
  database.change(
    "UPDATE pipelines SET desired = 'RUNNING', epoch = epoch + 1, changed_at = $at WHERE name = $pipeline",
    { pipeline: intent.pipeline, at },
  );
  database.change(
    `INSERT INTO runs (id, pipeline, target, attempt, revision, epoch, generation, control_folder, state, since,
       seen_at, intent_at)
     SELECT $id, name, target, 1 + (SELECT coalesce(max(attempt), 0) FROM runs WHERE pipeline = $pipeline),
       revision, epoch, generation, $controlFolder, 'STARTING', $at, $at, $at
     FROM pipelines WHERE name = $pipeline`,
    { ...intent, at },
  );
}

function runWrites(database: FencedDatabase): RunWrites {
  return {
    recordHandle: (id, handle, at) =>
      writeRun(database, id, {
        set: 'handle = $handle, submitted_at = coalesce(submitted_at, $at)',
        values: { handle: JSON.stringify(handle), at },
        event: { at, what: 'submitted', detail: handle },
      }),
    recordStop: (id, stop) =>
      writeRun(database, id, {
        set: 'stop = $stop',
        values: { stop: JSON.stringify(stop) },
        event: {
          at: stop.forcedAt ?? stop.terminatedAt ?? stop.requestedAt,
          what: 'stop',
          detail: stop,
        },
      }),
    recordMove: (id, move) =>
      writeRun(database, id, {
        set: moveColumns,
        values: moveValues(move),
        event: { at: move.at, what: move.state, detail: move },
      }),
    recordRestart: (id, next, at) =>
      database.write(() => {
        const [column, what] = 'code' in next ? ['cause', 'given up'] : ['restart', 'restart'];
        const run = database.one(waitingRun, { id });
        if (!run) return false;
        const sql = `UPDATE runs SET restart = NULL, ${column} = $next WHERE id = $id`;
        database.change(sql, { id, next: JSON.stringify(next) });
        addEvent(database, { pipeline: String(run.pipeline), run: id, at, what, detail: next });
        return true;
      }),
  };
}

interface RunWrite {
  readonly set: string;
  readonly values: Values;
  readonly event: { readonly at: string; readonly what: string; readonly detail: object };
}

/** False, and nothing written, when the run has ended or is not the newest start. */
function writeRun(database: FencedDatabase, id: string, { set, values, event }: RunWrite): boolean {
  return database.write(() => {
    const changed = database.change(`UPDATE runs SET ${set} WHERE ${mayWrite}`, { ...values, id });
    const run = database.one('SELECT pipeline FROM runs WHERE id = $id', { id });
    if (changed === 0 || !run) return false;
    addEvent(database, { ...event, pipeline: String(run.pipeline), run: id });
    return true;
  });
}

const waitingRun = 'SELECT * FROM runs WHERE id = $id AND restart IS NOT NULL';

const moveColumns = `state = $state, since = CASE WHEN state = $state THEN since ELSE $at END,
  seen_at = $seenAt, cause = $cause, ended_at = $endedAt, last_batch = $lastBatch, restart = $restart`;

function moveValues(move: Parameters<RunStore['recordMove']>[1]): Values {
  return {
    state: move.state,
    at: move.at,
    seenAt: move.seenAt,
    cause: move.cause ? JSON.stringify(move.cause) : null,
    endedAt: move.ended ? move.at : null,
    lastBatch: move.lastBatch ?? null,
    restart: move.restart ? JSON.stringify(move.restart) : null,
  };
}

function addEvent(
  database: FencedDatabase,
  event: { pipeline: string; run?: string; at: string; what: string; detail?: object },
): void {
  database.change(
    'INSERT INTO events (at, pipeline, run, what, detail) VALUES ($at, $pipeline, $run, $what, $detail)',
    {
      at: event.at,
      pipeline: event.pipeline,
      run: event.run ?? null,
      what: event.what,
      detail: JSON.stringify(event.detail ?? {}),
    },
  );
}
