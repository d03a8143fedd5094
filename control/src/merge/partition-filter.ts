import { SluiceError } from '../errors/sluice-error.ts';
import type { CommittedPart } from './committed-parts.ts';

/** Values listed in a message; an output may have thousands. */
const listed = 10;

export interface PartitionChoice {
  readonly directory: string;
  /** Takes only these partitions. */
  readonly only?: Readonly<Record<string, string>> | null;
  /** Columns whose values are added to the rows. */
  readonly partitionColumns?: readonly string[] | null;
}

/**
 * Keeps the parts of the chosen partitions. A partition column's value stands in the folder name alone, so merging
 * several values into one file would lose it: every partition column must be chosen, or added to the rows.
 * Throws MERGE_PARTITIONED when one is not, MERGE_ONLY_UNKNOWN when a chosen one does not exist.
 */
export function filterParts(
  parts: readonly CommittedPart[],
  { only = null, partitionColumns = null, directory }: PartitionChoice,
): readonly CommittedPart[] {
  const chosen = only ?? {};
  const kept = partitionColumns ?? [];
  for (const part of parts) {
    const columns = Object.keys(part.partitions);
    for (const column of [...Object.keys(chosen), ...kept]) {
      if (columns.includes(column)) continue;
      const known = columns.join(', ') || 'it is not partitioned';
      throw new SluiceError('MERGE_ONLY_UNKNOWN', { directory, column, columns: known });
    }
    if (columns.some((column) => !Object.hasOwn(chosen, column) && !kept.includes(column))) {
      throw partitioned(parts, chosen, directory);
    }
  }
  return only === null ? parts : parts.filter((part) => isChosen(part, only));
}

function isChosen(part: CommittedPart, only: Readonly<Record<string, string>>): boolean {
  return Object.entries(only).every(([column, value]) => part.partitions[column] === value);
}

function partitioned(
  parts: readonly CommittedPart[],
  chosen: Readonly<Record<string, string>>,
  directory: string,
): SluiceError {
  const found = new Set<string>();
  for (const { partitions } of parts) {
    for (const [column, value] of Object.entries(partitions)) {
      if (!Object.hasOwn(chosen, column)) found.add(`${column}=${value ?? 'null'}`);
    }
  }
  const all = [...found].sort();
  const more = all.length > listed ? ` and ${all.length - listed} more` : '';
  const values = all.slice(0, listed).join(', ') + more;
  return new SluiceError('MERGE_PARTITIONED', { directory, values, example: all[0] ?? '' });
}
