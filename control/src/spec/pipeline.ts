import type { TargetSettings } from './target-settings.ts';

/** One use of a kind in a spec: its name and its checked settings, defaults filled in. */
export interface KindUse {
  readonly kind: string;
  /** Of the form that the kind's schema says. */
  readonly config: unknown;
}

/** The single CSV file that the merger keeps. */
export interface MergeClause {
  /** Path as the spec writes it, normalised; relative ones start at the work folder. */
  readonly into: string;
  /** Whether the file starts with one line of column names. */
  readonly header: boolean;
  readonly everyMs: number;
}

/** Where events that could not be decoded are kept, one JSON object a line. */
export interface DeadLettersClause {
  readonly into: string;
}

/** How often a pipeline is started again by itself. */
export interface RestartClause {
  /** The failure after so many is the last. */
  readonly onFailure: number;
  readonly withinMs: number;
}

/** A `${NAME}` or `${NAME:-default}` of the spec; its value is read when the job starts. */
export interface EnvironmentReference {
  readonly name: string;
  readonly fallback?: string;
}

/** A spec that lint found no error in: what everything after lint works from. Plain frozen data. */
export interface Pipeline {
  readonly name: string;
  readonly source: KindUse;
  readonly decode?: KindUse;
  readonly transforms: readonly KindUse[];
  readonly sink: KindUse;
  /** The sink's folder, as the spec writes it, normalised. Absent for sinks that keep nothing (console). */
  readonly sinkPath?: string;
  readonly triggerMs: number;
  readonly merge?: MergeClause;
  readonly deadLetters?: DeadLettersClause;
  readonly restart?: RestartClause;
  readonly targets: TargetSettings;
  /** sha256 in hex of what the job is made of: the same for any layout, comments, spelled-out defaults and targets. */
  readonly hash: string;
  /** Names of the output columns, in order. */
  readonly columns: readonly string[];
  readonly environment: readonly EnvironmentReference[];
}
