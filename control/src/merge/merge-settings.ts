import { isDeepStrictEqual } from 'node:util';
import { SluiceError } from '../errors/sluice-error.ts';
import { type RecordDialect, rfc4180 } from './record-dialect.ts';

/** What the caller of a merge says; everything but the two paths has a default. */
export interface MergeOptions {
  /** Output folder of a Spark streaming file sink, the one that holds `_spark_metadata`. */
  readonly directory: string;
  /** Outputs that follow it, merged behind it: later generations of the same pipeline. */
  readonly further?: readonly string[];
  /** The merged file. Its journal stands beside it as `<into>.journal`. */
  readonly into: string;
  /** `csv` (the default), or `lines`: every line is a record, as in JSON lines; these have no header. */
  readonly format?: RecordDialect['format'];
  /** Whether each part begins with a header. `auto` (the default) decides only when it is sure. */
  readonly header?: HeaderMode;
  /** The header of the merged file when parts have none; without it the merged file has none either. */
  readonly columns?: readonly string[];
  readonly delimiter?: string;
  readonly escape?: RecordDialect['escape'];
  /** Takes only parts of these partitions, by column, for example { outcome: 'row' }. */
  readonly only?: Readonly<Record<string, string>>;
  /** Partition columns whose values are added behind each row, because Spark keeps them in folder names only. */
  readonly partitionColumns?: readonly string[];
  /** Finishes the merged file under a name of its own when it has reached one of these, and begins a new one. */
  readonly rotate?: RotationLimits;
}

/** A file is finished at the end of the part with which it reaches a limit. */
export interface RotationLimits {
  readonly bytes?: number;
  readonly rows?: number;
  /** Milliseconds since the file was begun. */
  readonly ms?: number;
}

export type HeaderMode = 'present' | 'absent' | 'auto';

/** What the merged file is, kept in the first line of its journal. */
export interface MergeSettings extends RecordDialect {
  readonly header: 'present' | 'absent';
  readonly columns: readonly string[] | null;
  readonly only: Readonly<Record<string, string>> | null;
  readonly partitionColumns: readonly string[] | null;
}

/** Settings before it is known whether parts have headers. */
export type WantedSettings = Omit<MergeSettings, 'header'> & { readonly header: HeaderMode };

/** Puts defaults in. Throws MERGE_COLUMNS_USELESS when columns are given for parts that name their own. */
export function settleOptions(options: MergeOptions): WantedSettings {
  const { format = rfc4180.format, columns = null, only = null } = options;
  const { partitionColumns = null } = options;
  const header = format === 'lines' ? 'absent' : (options.header ?? 'auto');
  if (columns !== null && format === 'lines') refuseColumns('lines have no columns');
  if (columns !== null && header === 'present') refuseColumns('every part has a header');
  if (partitionColumns !== null && format === 'lines') refuseColumns('lines have no columns');
  const dialect = {
    format,
    delimiter: options.delimiter ?? rfc4180.delimiter,
    escape: options.escape ?? rfc4180.escape,
  };
  const all = columns && [...columns, ...(partitionColumns ?? [])];
  return { ...dialect, header, columns: all, only, partitionColumns };
}

function refuseColumns(problem: string): never {
  throw new SluiceError('MERGE_COLUMNS_USELESS', { problem });
}

const comparedFields = [
  'format',
  'delimiter',
  'escape',
  'header',
  'columns',
  'only',
  'partitionColumns',
] as const;

/** Throws MERGE_SETTINGS_CHANGED when a merged file was begun with other settings than are wanted now. */
export function compareSettings(file: string, begun: MergeSettings, wanted: WantedSettings): void {
  for (const field of comparedFields) {
    // A journal of an older Sluice lacks what it did not know.
    const same = isDeepStrictEqual(begun[field] ?? null, wanted[field]);
    if (same || (field === 'header' && wanted.header === 'auto')) continue;
    const parameters = {
      file,
      field,
      found: show(wanted[field]),
      wanted: show(begun[field] ?? null),
    };
    throw new SluiceError('MERGE_SETTINGS_CHANGED', parameters);
  }
}

function show(value: unknown): string {
  return value === null ? 'not set' : JSON.stringify(value);
}
