import type { RunRecord } from '../store/run-store.ts';
import { wayOfStop } from '../watch/request-stop.ts';

/** A run as the API shows it. */
export function describeRun(run: RunRecord) {
  const { id, pipeline, attempt, revision, generation, state, since, intentAt } = run;
  const { submittedAt, endedAt, lastBatch, cause, stop, handle } = run;
  return {
    id,
    pipeline,
    attempt,
    revision,
    generation,
    state,
    since,
    intentAt,
    ...(submittedAt === undefined ? {} : { submittedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(handle && endedAt === undefined ? { pid: handle.process.pid } : {}),
    ...(lastBatch === undefined ? {} : { lastBatch }),
    ...(cause ? { cause } : {}),
    ...(stop
      ? {
          stop: {
            requestedAt: stop.requestedAt,
            deadlineAt: stop.deadlineAt,
            way: wayOfStop(stop),
          },
        }
      : {}),
  };
}
