import { basename } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { absolutePlace, isObjectPath, joinPlace } from '../storage/place.ts';
import { type FilePort, isSystemError } from './file-port.ts';
import { placePart } from './part-place.ts';
import { chooseLogFiles, type LogEntry, readLogFile } from './sink-log.ts';

/** A file that Spark wrote and committed. */
export interface CommittedPart {
  readonly name: string;
  /** Below the output folder, with `/`, behind the label of a further output: what identifies the part. */
  readonly relativePath: string;
  readonly absolutePath: string;
  /** Bytes, as committed. */
  readonly size: number;
  readonly partitions: Readonly<Record<string, string | null>>;
  /** The batch that wrote it; `9 or earlier` where a compacted log has forgotten which. */
  readonly batch: string;
}

/** A part that is listed with two sizes. */
export interface ConflictingPart {
  readonly part: CommittedPart;
  readonly error: SluiceError;
}

/** Spark removes old log files after each compaction, so one may vanish between listing and reading. */
const listings = 5;

/**
 * The only list of parts we trust: Spark's `_spark_metadata`. A listing of the folder would also show parts of
 * killed and of unfinished tasks.
 */
export class CommittedParts {
  readonly #port: FilePort;
  readonly #directory: string;
  readonly #label: string;
  readonly #parts = new Map<string, CommittedPart>();
  #conflicts: ConflictingPart[] = [];
  #lastBatch = -1;

  /** The label goes before the path by which a part is known. */
  constructor(port: FilePort, directory: string, label = '') {
    this.#port = port;
    this.#label = label;
    this.#directory = absolutePlace(directory);
  }

  /**
   * The parts committed since the last call (at first: all), in the order of their batches, each once. Undefined
   * while nothing was ever committed. Throws MERGE_LOG_CORRUPT, MERGE_LOG_GAP and MERGE_PART_OUTSIDE. A part that is
   * listed again with another size is none of them: see takeConflicts.
   */
  async readNew(): Promise<readonly CommittedPart[] | undefined> {
    const entries = await this.#readEntries();
    if (this.#lastBatch < 0) return undefined;
    return entries.flatMap((entry) => this.#accept(entry));
  }

  /** The parts that were found, since the last call, to be listed with two sizes. They may have been given before. */
  takeConflicts(): readonly ConflictingPart[] {
    const conflicts = this.#conflicts;
    this.#conflicts = [];
    return conflicts;
  }

  async #readEntries(): Promise<readonly LogEntry[]> {
    const folder = joinPlace(this.#directory, '_spark_metadata');
    if (!(await this.#mayHaveGrown(folder))) return [];
    let missing = '';
    for (let listing = 0; listing < listings; listing += 1) {
      const { files, gap } = chooseLogFiles(await this.#listLog(folder), this.#lastBatch);
      try {
        const entries: LogEntry[] = [];
        for (const file of files) {
          for (const entry of await readLogFile(this.#port, folder, file.name)) entries.push(entry);
        }
        this.#lastBatch = files.at(-1)?.batch ?? this.#lastBatch;
        if (gap === undefined) return entries;
        missing = gap;
      } catch (error) {
        if (!isSystemError(error, 'ENOENT')) throw error;
        missing = 'a file that was just listed';
      }
    }
    throw new SluiceError('MERGE_LOG_GAP', { file: joinPlace(folder, missing) });
  }

  /** Two questions for the next batch cost a sixth of one listing of a bucket, and most looks find nothing. */
  async #mayHaveGrown(folder: string): Promise<boolean> {
    if (this.#lastBatch < 0 || !isObjectPath(folder)) return true;
    const next = joinPlace(folder, String(this.#lastBatch + 1));
    const sizes = await Promise.all([this.#port.size(next), this.#port.size(`${next}.compact`)]);
    return sizes.some((size) => size !== undefined);
  }

  async #listLog(folder: string): Promise<readonly string[]> {
    try {
      return await this.#port.list(folder);
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    }
  }

  /** The part of an entry, or none when it was seen before: a compacted file repeats all older entries. */
  #accept(entry: LogEntry): CommittedPart[] {
    const place = placePart(entry.uri, this.#directory);
    if (place === undefined) {
      throw new SluiceError('MERGE_PART_OUTSIDE', { part: entry.uri, directory: this.#directory });
    }
    const { partitions } = place;
    const relativePath = this.#label + place.relativePath;
    const known = this.#parts.get(relativePath);
    if (known !== undefined) {
      const error = findConflict(relativePath, known.size, entry.size);
      if (error !== undefined) this.#conflicts.push({ part: known, error });
      return [];
    }
    const { size, batch } = entry;
    const absolutePath = joinPlace(this.#directory, place.relativePath);
    const name = basename(relativePath);
    const part = { name, relativePath, absolutePath, size, partitions, batch };
    this.#parts.set(relativePath, part);
    return [part];
  }
}

/** MERGE_PART_CONFLICT when a part is known with another size. */
export function findConflict(part: string, first: number, second: number): SluiceError | undefined {
  if (first === second) return undefined;
  return new SluiceError('MERGE_PART_CONFLICT', { part, first, second });
}
