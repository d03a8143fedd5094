import type { RunHandle } from '../store/run-handle.ts';
import type { RunRecord } from '../store/run-store.ts';
import { wayOfStop } from '../watch/request-stop.ts';

/** What people find a driver by. A process that has ended has no number any more. */
function nameDriver(handle: RunHandle, hasEnded: boolean) {
  if (handle.target === 'glue') return { jobRunId: handle.jobRunId };
  const application = handle.target === 'standalone' ? handle.application : undefined;
  return {
    ...(application === undefined ? {} : { application }),
    ...(hasEnded ? {} : { pid: handle.process.pid }),
  };
}

/** A run as the API shows it. */
export function describeRun(run: RunRecord) {
  const { id, pipeline, target, attempt, revision, generation, state, since, intentAt } = run;
  const { submittedAt, endedAt, lastBatch, cause, stop, handle } = run;
  return {
    id,
    pipeline,
    target,
    attempt,
    revision,
    generation,
    state,
    since,
    intentAt,
    ...(submittedAt === undefined ? {} : { submittedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(handle ? nameDriver(handle, endedAt !== undefined) : {}),
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
