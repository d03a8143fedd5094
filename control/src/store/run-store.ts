import type { Target } from '../target.ts';
import type { RunHandle } from './run-handle.ts';
import type { Cause, DesiredState, ObservedState } from './run-state.ts';

/** Times are ISO 8601 texts in UTC. */
export interface PipelineRecord {
  readonly name: string;
  /** The spec as it was sent. */
  readonly spec: string;
  /** Where its runs are started. */
  readonly target: Target;
  /** Counts the accepted changes of the spec, from 1. */
  readonly revision: number;
  readonly desired: DesiredState;
  /** Counts the starts. A run of an older epoch cannot write. */
  readonly epoch: number;
  /** Number of the (checkpoint, output) pair in use, from 1. */
  readonly generation: number;
  readonly createdAt: string;
  readonly changedAt: string;
}

/** How a stop went so far. Times are absent until they happen. */
export interface StopRecord {
  readonly requestedAt: string;
  readonly deadlineAt: string;
  readonly terminatedAt?: string;
  readonly forcedAt?: string;
  /** The driver ends with its service, which starts the next run when it comes back. */
  readonly toResume?: boolean;
}

/** The start that follows an ended run by itself. */
export interface RestartPlan {
  /** Counts the failures lately; 0: nothing had failed. */
  readonly number: number;
  readonly at: string;
}

export interface RunRecord {
  /** Also the token in the driver's arguments. */
  readonly id: string;
  readonly pipeline: string;
  readonly target: Target;
  /** Counts the runs of a pipeline, from 1. */
  readonly attempt: number;
  readonly revision: number;
  readonly epoch: number;
  readonly generation: number;
  /** Where the job of this run and the control plane talk. */
  readonly controlFolder: string;
  readonly state: ObservedState;
  readonly since: string;
  /** When the driver was last seen; kept roughly, the watcher knows it exactly. */
  readonly seenAt: string;
  readonly cause?: Cause;
  readonly handle?: RunHandle;
  readonly intentAt: string;
  readonly submittedAt?: string;
  readonly endedAt?: string;
  readonly stop?: StopRecord;
  /** Number of the last batch that was committed, known when the run ended. */
  readonly lastBatch?: number;
  readonly restart?: RestartPlan;
}

export interface EventRecord {
  readonly number: number;
  readonly at: string;
  readonly pipeline: string;
  readonly run?: string;
  readonly what: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Page<Item> {
  readonly from: number;
  readonly size: number;
  /** How many there are in all, not on this page. */
  readonly total: number;
  readonly items: readonly Item[];
}

export interface PageRequest {
  readonly from: number;
  readonly size: number;
}

/** What is kept of a pipeline when it is applied. */
export type AppliedSpec = Pick<PipelineRecord, 'spec' | 'target'>;

/** What is decided about a run before anything is started. */
export type RunIntent = Pick<RunRecord, 'id' | 'pipeline' | 'controlFolder'>;

/** One observed move of a run. An `ended` move is its last; later ones are ignored (the first cause wins). */
export interface RunMove {
  readonly state: ObservedState;
  readonly at: string;
  readonly seenAt: string;
  readonly cause?: Cause;
  readonly ended?: boolean;
  readonly lastBatch?: number;
  readonly restart?: RestartPlan;
}

/**
 * What must survive a crash. Each writing call is on disk when it returns, and throws STATE_UNUSABLE when that
 * failed or STATE_TAKEN_OVER when a newer service has opened the same state.
 */
export interface RunStore {
  savePipeline(name: string, spec: AppliedSpec, at: string): PipelineRecord;
  pipeline(name: string): PipelineRecord | undefined;
  pipelines(request: PageRequest): Page<PipelineRecord>;
  /** Removes a pipeline and its runs. Returns the ids of the removed runs. */
  removePipeline(name: string, at: string): readonly string[];
  setDesired(name: string, desired: DesiredState, at: string): void;
  /**
   * Writes the wish to run and the intent of a run in one transaction. When a run of this pipeline has not
   * ended, that one is returned and nothing is written: two starts start one.
   */
  writeIntent(intent: RunIntent, at: string): { run: RunRecord; isNew: boolean };
  /** Refused silently (false) when the run has ended or is not the pipeline's newest. */
  recordHandle(runId: string, handle: RunHandle, at: string): boolean;
  recordMove(runId: string, move: RunMove): boolean;
  recordStop(runId: string, stop: StopRecord): boolean;
  /** Moves the restart of an ended run, or gives it up for a cause. False when it is not waiting for one. */
  recordRestart(runId: string, next: RestartPlan | Cause, at: string): boolean;
  run(id: string): RunRecord | undefined;
  runs(pipeline: string, request: PageRequest): Page<RunRecord>;
  latestRun(pipeline: string): RunRecord | undefined;
  liveRuns(): readonly RunRecord[];
  /** Newest runs of pipelines that shall run, which have ended and are followed by another one. */
  runsToRestart(): readonly RunRecord[];
  events(pipeline: string, request: PageRequest): Page<EventRecord>;
  /** Throws what a write would throw. */
  checkWritable(): void;
  close(): void;
}
