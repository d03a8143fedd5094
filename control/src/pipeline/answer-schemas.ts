import { Type } from '@fastify/type-provider-typebox';
import { allTargets } from '../target.ts';

const time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
const count = Type.Integer({ minimum: 0 });
const state = Type.Enum(
  [
    ...['DRAFT', 'STARTING', 'RUNNING', 'WAITING', 'RESTARTING', 'STOPPING', 'STOPPED', 'FAILED'],
    'UNKNOWN',
  ],
  { description: 'What is seen; UNKNOWN when nothing could be seen lately' },
);
const target = Type.Enum([...allTargets], { description: 'Where runs are started' });
const desired = Type.Enum(['RUNNING', 'STOPPED'], { description: 'What people want' });

export const cause = Type.Object(
  {
    code: Type.String({ description: 'A code of docs/errors.md' }),
    sentence: Type.String(),
    evidence: Type.Optional(Type.String({ description: 'The line that shows it' })),
    next: Type.String({ description: 'What to do now' }),
  },
  { description: 'Why it is so' },
);

export const finding = Type.Object({
  rule: Type.String(),
  level: Type.Enum(['error', 'warning']),
  line: count,
  column: count,
  pointer: Type.String({ description: 'JSON pointer into the spec' }),
  message: Type.String(),
  hint: Type.String(),
});

export const validationAnswer = Type.Object({
  error_count: count,
  findings: Type.Array(finding),
});

export const observed = Type.Object({
  state,
  since: time,
  seenAt: Type.Optional(time),
  ageMs: Type.Optional(Type.Number({ description: 'Age of what is said' })),
  cause: Type.Optional(cause),
  restart: Type.Optional(
    Type.Object(
      { number: Type.Integer({ description: 'Counts the failures lately' }), at: time },
      { description: 'The next start, which comes by itself' },
    ),
  ),
});

export const pipelineAnswer = Type.Object({
  name: Type.String(),
  revision: count,
  target,
  desired,
  observed,
  createdAt: time,
  changedAt: time,
  spec: Type.Optional(Type.String({ description: 'The text as it was sent' })),
  findings: Type.Optional(Type.Array(finding, { description: 'Warnings about the spec' })),
});

const stopReply = Type.Object({
  requestedAt: time,
  deadlineAt: time,
  way: Type.Enum(['marker', 'SIGTERM', 'SIGKILL'], {
    description: 'The way it took or has reached',
  }),
});

export const runAnswer = Type.Object({
  id: Type.String(),
  pipeline: Type.String(),
  target,
  attempt: count,
  revision: count,
  generation: count,
  state,
  since: time,
  intentAt: time,
  submittedAt: Type.Optional(time),
  endedAt: Type.Optional(time),
  pid: Type.Optional(count),
  application: Type.Optional(Type.String({ description: "The Spark master's name of the run" })),
  jobRunId: Type.Optional(Type.String({ description: "AWS Glue's name of the run" })),
  lastBatch: Type.Optional(Type.Integer({ description: 'The last committed batch' })),
  stop: Type.Optional(stopReply),
  cause: Type.Optional(cause),
});

export const progressAnswer = Type.Object({
  at: time,
  batch: Type.Integer(),
  batchMs: Type.Number(),
  inputRowsPerSecond: Type.Optional(Type.Number()),
  rowsPerSecond: Type.Optional(Type.Number()),
  totals: Type.Object(
    { batches: count, inputRows: count, rows: count, deadLetters: count },
    { description: 'Counted from the start of the run' },
  ),
  lag: Type.Optional(count),
});

const mergedReply = Type.Object({
  file: Type.String(),
  state: Type.Enum(['WAITING', 'MERGING', 'DEGRADED', 'BLOCKED']),
  rows: count,
  bytes: count,
  parts: count,
  pendingParts: count,
  pendingBytes: count,
  quarantinedParts: count,
  at: Type.Optional(time),
  cause: Type.Optional(cause),
});

export const mergeAnswer = Type.Object({
  rows: Type.Optional(mergedReply),
  deadLetters: Type.Optional(mergedReply),
});

export const statusAnswer = Type.Object({
  name: Type.String(),
  revision: count,
  target,
  desired,
  observed,
  actions: Type.Array(Type.String(), { description: 'What may be done now' }),
  run: Type.Optional(runAnswer),
  progress: Type.Optional(progressAnswer),
  merge: Type.Optional(mergeAnswer),
});

export const logAnswer = Type.Object({
  id: Type.String(),
  from: count,
  total: Type.Integer({ description: 'Lines there are in all' }),
  log: Type.Array(Type.String()),
});

/** A page of items with how many there are in all. */
export function pageOf<Item extends Type.TSchema>(item: Item) {
  return Type.Object({ from: count, size: count, total: count, items: Type.Array(item) });
}
