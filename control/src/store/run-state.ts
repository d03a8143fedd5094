import type { ErrorCode } from '../errors/catalogue.ts';

/** What people want of a pipeline. Written by people only. */
export type DesiredState = 'RUNNING' | 'STOPPED';

/**
 * What is seen of a pipeline. Written by the watcher only. DRAFT: it never ran. WAITING: it lives and cannot work.
 * RESTARTING: its run has ended and the next one will start by itself.
 */
export type ObservedState =
  | 'DRAFT'
  | 'STARTING'
  | 'RUNNING'
  | 'WAITING'
  | 'RESTARTING'
  | 'STOPPING'
  | 'STOPPED'
  | 'FAILED'
  | 'UNKNOWN';

export type PipelineAction = 'apply' | 'start' | 'stop' | 'delete';

/** `do`: it changes something. `already`: it is so, the answer is the same as if done. `refuse`: 409. */
export type Verdict = 'do' | 'already' | 'refuse';

/** Why something is in the state it is in. The first cause of an end is kept, later ones are not written. */
export interface Cause {
  readonly code: ErrorCode;
  readonly sentence: string;
  /** The line that shows it, from the driver's log or its last word. */
  readonly evidence?: string;
  readonly next: string;
}

/**
 * The one table of legal moves, read by API and CLI. UNKNOWN refuses a start, because the driver that cannot
 * be seen may still be writing, and refuses a new spec for the same reason.
 */
export const legalMoves: Readonly<
  Record<ObservedState, Readonly<Record<PipelineAction, Verdict>>>
> = Object.freeze({
  DRAFT: { apply: 'do', start: 'do', stop: 'already', delete: 'do' },
  STARTING: { apply: 'refuse', start: 'already', stop: 'do', delete: 'refuse' },
  RUNNING: { apply: 'refuse', start: 'already', stop: 'do', delete: 'refuse' },
  WAITING: { apply: 'refuse', start: 'already', stop: 'do', delete: 'refuse' },
  RESTARTING: { apply: 'do', start: 'do', stop: 'do', delete: 'refuse' },
  STOPPING: { apply: 'refuse', start: 'refuse', stop: 'do', delete: 'refuse' },
  STOPPED: { apply: 'do', start: 'do', stop: 'already', delete: 'do' },
  FAILED: { apply: 'do', start: 'do', stop: 'already', delete: 'do' },
  UNKNOWN: { apply: 'refuse', start: 'refuse', stop: 'do', delete: 'refuse' },
});

/** The actions that change something in a state. */
export function legalActions(state: ObservedState): readonly PipelineAction[] {
  const moves = Object.entries(legalMoves[state]) as [PipelineAction, Verdict][];
  return moves.filter(([, verdict]) => verdict === 'do').map(([action]) => action);
}
