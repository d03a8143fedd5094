import type { SQLOutputValue } from 'node:sqlite';
import type { Target } from '../target.ts';
import type { DesiredState, ObservedState } from './run-state.ts';
import type { EventRecord, PipelineRecord, RunRecord } from './run-store.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Table row to record. The columns are constrained by the tables, so no value is checked again here. */
export function readPipelineRow(row: Row): PipelineRecord {
  return Object.freeze({
    name: String(row.name),
    spec: String(row.spec),
    target: row.target as Target,
    revision: Number(row.revision),
    desired: row.desired as DesiredState,
    epoch: Number(row.epoch),
    generation: Number(row.generation),
    createdAt: String(row.created_at),
    changedAt: String(row.changed_at),
  });
}

/** Table row to record; columns that are null become absent fields. */
export function readRunRow(row: Row): RunRecord {
  return Object.freeze({
    id: String(row.id),
    pipeline: String(row.pipeline),
    target: row.target as Target,
    attempt: Number(row.attempt),
    revision: Number(row.revision),
    epoch: Number(row.epoch),
    generation: Number(row.generation),
    controlFolder: String(row.control_folder),
    state: row.state as ObservedState,
    since: String(row.since),
    seenAt: String(row.seen_at),
    intentAt: String(row.intent_at),
    ...text('submittedAt', row.submitted_at),
    ...text('endedAt', row.ended_at),
    ...json('cause', row.cause),
    ...json('handle', row.handle),
    ...json('stop', row.stop),
    ...json('restart', row.restart),
    ...(row.last_batch === null ? {} : { lastBatch: Number(row.last_batch) }),
  });
}

export function readEventRow(row: Row): EventRecord {
  return Object.freeze({
    number: Number(row.number),
    at: String(row.at),
    pipeline: String(row.pipeline),
    what: String(row.what),
    detail: JSON.parse(String(row.detail)),
    ...text('run', row.run),
  });
}

function text(field: string, value: SQLOutputValue | undefined): object {
  return typeof value === 'string' ? { [field]: value } : {};
}

function json(field: string, value: SQLOutputValue | undefined): object {
  return typeof value === 'string' ? { [field]: JSON.parse(value) } : {};
}
