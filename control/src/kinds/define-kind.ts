import type { Static, TSchema } from 'typebox';
import type { ErrorCode, ErrorParameters } from '../errors/catalogue.ts';
import type { Column } from '../pyspark/spark-type.ts';

/** Something a kind has to say about its settings. `path` leads into them, `offset` into the text there. */
export interface KindProblem {
  readonly rule: ErrorCode;
  readonly parameters: ErrorParameters;
  readonly path: readonly (string | number)[];
  readonly offset?: number;
}

/** The columns after a step; absent when a problem keeps them from being known. */
export interface ColumnsAfter {
  readonly columns?: readonly Column[];
  readonly problems?: readonly KindProblem[];
}

/** What a kind adds to the job, apart from transforms. Texts are Python, without blank lines around them. */
export interface KindCode {
  /** Whole import lines, such as `import os`. */
  readonly imports?: readonly string[];
  /** Path of the spec. The job keeps it as SOURCE_PATH or SINK_PATH; the functions get the place that it leads to. */
  readonly path?: string;
  /** Other top-level assignments with the comments above them, in reading order. */
  readonly constants?: readonly string[];
  /** Settings of the Spark session, as `.config(...)` lines with the comments above them; may use `output`. */
  readonly session?: readonly string[];
  /** Maven coordinates that a bare `spark-submit` needs. */
  readonly packages?: readonly string[];
  /** Top-level functions, in reading order. */
  readonly functions: readonly string[];
}

/** What a transform adds: statements that change `rows`, and the functions they call. */
export interface TransformCode {
  readonly statements: readonly string[];
  readonly functions?: readonly string[];
  /** As in `KindCode`. */
  readonly session?: readonly string[];
}

/** What the job looks like around a kind. */
export interface EmitContext {
  /** Events that cannot be decoded travel along as rows in which the column `_dead_letter` is set. */
  readonly deadLetters: boolean;
  /** The columns that the step finds, without that of dead letters. */
  readonly columns: readonly Column[];
}

/** The column that carries dead letters through the job; a spec cannot name a column so. */
export const deadLetterColumn = '_dead_letter';

interface KindFacts<Schema extends TSchema> {
  /** The name in a spec, equal to the file name. */
  readonly name: string;
  /** One sentence for people who choose among kinds. */
  readonly summary: string;
  /** The settings. Defaults given here are filled in before `check` and `emit` see them. */
  readonly schema: Schema;
  /** Settings as a spec would have them; printed in docs/kinds.md, run by the contract test. */
  readonly examples: readonly KindExample[];
}

export interface KindExample {
  readonly config: unknown;
  /** Columns that the step finds, as Spark DDL; for transforms and sinks. */
  readonly input?: string;
}

// Methods rather than properties below: their parameters may then be narrower than `unknown`, which is what
// lets kinds with different settings stand in one registry. Lint checks settings before any of them is called.

interface SourceFacts<Schema extends TSchema> extends KindFacts<Schema> {
  /** `bytes` must be decoded; `columns` must not. */
  readonly gives: 'bytes' | 'columns';
  check(config: Static<Schema>): ColumnsAfter;
  /**
   * Must define `read(spark)`, or `read(spark, path)` when there is a path. Of events that are bytes it gives `value`
   * (null when larger than MAX_EVENT_BYTES and left unread), `size` in bytes, and the struct `origin`.
   */
  emit(config: Static<Schema>): KindCode;
}

interface DecoderFacts<Schema extends TSchema> extends KindFacts<Schema> {
  check(config: Static<Schema>): ColumnsAfter;
  /** Must define `decode(events)`, which adds the dead letter column, and the constant MAX_EVENT_BYTES. */
  emit(config: Static<Schema>): KindCode;
}

interface TransformFacts<Schema extends TSchema> extends KindFacts<Schema> {
  check(config: Static<Schema>, input: readonly Column[]): ColumnsAfter;
  emit(config: Static<Schema>, context: EmitContext): TransformCode;
}

interface SinkFacts<Schema extends TSchema> extends KindFacts<Schema> {
  /** Whether it leaves parts that can be merged; its settings then have a `path`. */
  readonly keepsParts: boolean;
  check(config: Static<Schema>, input: readonly Column[]): readonly KindProblem[];
  /**
   * Must define `write(rows, trigger)`, or `write(rows, output, trigger)` with the folder of the generation when there
   * is a path. Returns the started query.
   */
  emit(config: Static<Schema>, context: EmitContext): KindCode;
}

export type SourceKind = SourceFacts<TSchema> & { readonly role: 'source' };
export type DecoderKind = DecoderFacts<TSchema> & { readonly role: 'decoder' };
export type TransformKind = TransformFacts<TSchema> & { readonly role: 'transform' };
export type SinkKind = SinkFacts<TSchema> & { readonly role: 'sink' };
export type Kind = SourceKind | DecoderKind | TransformKind | SinkKind;
export type KindRole = Kind['role'];

/** Where events come from. */
export function defineSource<Schema extends TSchema>(facts: SourceFacts<Schema>): SourceKind {
  return Object.freeze({ role: 'source', ...facts });
}

/** How the bytes of an event become columns. */
export function defineDecoder<Schema extends TSchema>(facts: DecoderFacts<Schema>): DecoderKind {
  return Object.freeze({ role: 'decoder', ...facts });
}

/** One step between columns and columns. */
export function defineTransform<Schema extends TSchema>(
  facts: TransformFacts<Schema>,
): TransformKind {
  return Object.freeze({ role: 'transform', ...facts });
}

/** Where rows go. */
export function defineSink<Schema extends TSchema>(facts: SinkFacts<Schema>): SinkKind {
  return Object.freeze({ role: 'sink', ...facts });
}
