import type { JobRun } from '@aws-sdk/client-glue';
import type { Observation } from './executor.ts';

/** Whether a run may still be working; a state that is not known here counts as such. */
export function mayRun({ JobRunState }: JobRun): boolean {
  const ended: readonly (string | undefined)[] = ['SUCCEEDED', ...endedBadly, 'STOPPED', 'EXPIRED'];
  return !ended.includes(JobRunState);
}

/** Whether AWS may have put another run in the place of this one: a retry, or a restart for its maintenance. */
export function mayHaveSuccessor({ JobRunState }: JobRun): boolean {
  const states: readonly (string | undefined)[] = [...endedBadly, 'EXPIRED'];
  return states.includes(JobRunState);
}

const endedBadly = ['FAILED', 'ERROR', 'TIMEOUT'] as const;

/**
 * What a run is doing, by its JobRunState. EXPIRED means that AWS ended it for its maintenance; when nothing has
 * followed it for `patienceMs`, nothing will.
 */
export function observationOf(run: JobRun, { now, patienceMs }: Waiting): Observation {
  const { Id = 'without id', JobRunState: state } = run;
  switch (state) {
    case 'STARTING':
    case 'RUNNING':
    case 'STOPPING':
      return { kind: 'running' };
    case 'WAITING':
      return { kind: 'running', waiting: queued(run) };
    case 'SUCCEEDED':
      return { kind: 'succeeded' };
    case 'FAILED':
    case 'ERROR':
    case 'TIMEOUT':
      return failed(run, run.ErrorMessage ?? 'it left no message');
    case 'STOPPED':
      return { kind: 'stopped', why: run.ErrorMessage ?? `the run ${Id} was stopped` };
    case 'EXPIRED':
      return sinceEnd(run, now) < patienceMs
        ? { kind: 'running', waiting: { code: 'GLUE_RUN_RESTARTING', parameters: { run: Id } } }
        : failed(run, 'no other run followed it');
    default:
      return unknownState(Id, state);
  }
}

export interface Waiting {
  readonly now: Date;
  readonly patienceMs: number;
}

function queued({ Id = 'without id', StateDetail }: JobRun) {
  const problem = StateDetail ?? 'the account has no room for it';
  return { code: 'GLUE_RUN_QUEUED', parameters: { run: Id, problem } } as const;
}

function failed(
  { Id = 'without id', JobRunState = 'FAILED' }: JobRun,
  problem: string,
): Observation {
  const parameters = { run: Id, state: JobRunState, problem: problem.replace(/\.\s*$/, '') };
  return { kind: 'failed', why: { code: 'GLUE_RUN_FAILED', parameters } };
}

function sinceEnd({ CompletedOn, LastModifiedOn }: JobRun, now: Date): number {
  const end = CompletedOn ?? LastModifiedOn ?? now;
  return now.getTime() - end.getTime();
}

/** The SDK takes states that it does not know as they come. */
function unknownState(run: string, found: string | undefined): Observation {
  const state = found ?? 'in no state';
  return {
    kind: 'unreachable',
    why: `AWS Glue says that it is ${state}`,
    cause: { code: 'GLUE_STATE_UNKNOWN', parameters: { run, state } },
  };
}
