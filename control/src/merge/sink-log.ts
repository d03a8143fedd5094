import { SluiceError } from '../errors/sluice-error.ts';
import { joinPlace } from '../storage/place.ts';
import type { FilePort } from './file-port.ts';
import { type FileLine, readLines } from './line-reader.ts';
import { LogChecksum } from './log-checksum.ts';

/** One file of Spark's sink log: a batch, or all batches up to it. */
export interface LogFile {
  readonly batch: number;
  readonly name: string;
}

/** One entry of Spark's sink log. */
export interface LogEntry {
  readonly uri: string;
  /** Bytes of the part when it was committed. */
  readonly size: number;
  /** The batch it was listed in, in words. */
  readonly batch: string;
}

/**
 * Chooses the files of a sink log to read for everything after batch `last` (-1: everything): the plain ones if
 * all are there, otherwise the newest compacted one and the plain ones after it. `N.compact` holds all batches up
 * to N (FileStreamSinkLog, the same in Spark 3.5 to 4.2). A missing file is named in `gap`. A log whose newest
 * batch is older than `last` was begun anew and is read from its start.
 */
export function chooseLogFiles(
  names: readonly string[],
  last: number,
): { readonly files: readonly LogFile[]; readonly gap?: string } {
  const logs = names.flatMap(parseLogName);
  const newest = Math.max(-1, ...logs.map((log) => log.batch));
  if (newest < last) return chooseLogFiles(names, -1);
  const plain = new Set(logs.filter((log) => !log.compact).map((log) => log.batch));
  if (hasAll(plain, last + 1, newest)) return { files: plainFiles(last + 1, newest) };
  const compact = Math.max(-1, ...logs.filter((log) => log.compact).map((log) => log.batch));
  const first = Math.max(compact, last) + 1;
  const missing = firstMissing(plain, first, newest);
  if (missing !== undefined) return { files: [], gap: String(missing) };
  const compacted = compact > last ? [{ batch: compact, name: `${compact}.compact` }] : [];
  return { files: [...compacted, ...plainFiles(first, newest)] };
}

/** True for the name of a batch, plain or compacted; Spark's temporary files and checksums are others. */
export function isLogName(name: string): boolean {
  return parseLogName(name).length > 0;
}

function parseLogName(name: string): { readonly batch: number; readonly compact: boolean }[] {
  const match = /^(\d+)(\.compact)?$/.exec(name);
  return match === null ? [] : [{ batch: Number(match[1]), compact: match[2] !== undefined }];
}

function hasAll(batches: ReadonlySet<number>, from: number, to: number): boolean {
  return firstMissing(batches, from, to) === undefined;
}

function firstMissing(batches: ReadonlySet<number>, from: number, to: number): number | undefined {
  for (let batch = from; batch <= to; batch += 1) if (!batches.has(batch)) return batch;
  return undefined;
}

function plainFiles(from: number, to: number): LogFile[] {
  const count = Math.max(0, to - from + 1);
  return Array.from({ length: count }, (_, index) => ({
    batch: from + index,
    name: String(from + index),
  }));
}

/**
 * Reads one file of a sink log: `v1`, then one JSON object a line.
 * Throws MERGE_LOG_CORRUPT naming file and line, and ENOENT when Spark has removed the file meanwhile.
 */
export async function readLogFile(
  port: FilePort,
  folder: string,
  name: string,
): Promise<readonly LogEntry[]> {
  const file = joinPlace(folder, name);
  const entries: LogEntry[] = [];
  const batch = name.replace('.compact', ' or earlier');
  let line = 0;
  const checksum = await LogChecksum.of(port, file);
  for await (const lines of readLines(port, file, (chunk) => checksum?.take(chunk))) {
    for (const { bytes } of lines as readonly FileLine[]) {
      line += 1;
      const read = line === 1 ? readVersion(bytes) : readEntry(bytes);
      if (typeof read === 'string') throw corrupt(file, line, read);
      if (read !== undefined) entries.push({ ...read, batch });
    }
  }
  if (line === 0) throw corrupt(file, 1, 'the file is empty');
  if (checksum?.matches() === false) throw corrupt(file, line, 'the checksum beside it differs');
  return entries;
}

function corrupt(file: string, line: number, problem: string): SluiceError {
  return new SluiceError('MERGE_LOG_CORRUPT', { file, line, problem });
}

function readVersion(bytes: Buffer): string | undefined {
  const version = bytes.toString();
  return version === 'v1' ? undefined : `its version is ${JSON.stringify(version.slice(0, 20))}`;
}

/** The entry, or what is wrong with it. */
function readEntry(bytes: Buffer): Omit<LogEntry, 'batch'> | string {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return 'it is not JSON';
  }
  if (typeof value !== 'object' || value === null) return 'it is not a JSON object';
  const { path, size, isDir, action } = value as Readonly<Record<string, unknown>>;
  if (action !== 'add') return `its action is ${JSON.stringify(action)}, not "add"`;
  if (isDir === true) return 'it names a folder';
  if (typeof path !== 'string') return 'it has no path';
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return 'it has no size';
  return { uri: path, size };
}
