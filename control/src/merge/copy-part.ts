import { crc32 } from 'node:zlib';
import { SluiceError } from '../errors/sluice-error.ts';
import type { BytesOrigin } from './file-port.ts';
import { isGzip } from './gunzip-part.ts';
import { HeaderTaker, withoutEnding } from './header-taker.ts';
import { type HeaderEntry, hexOf, type JournalEntry, type PartEntry } from './journal-lines.ts';
import type { MergeSettings } from './merge-settings.ts';
import type { MergedFile } from './merged-file.ts';
import type { ReadyPart } from './part-source.ts';
import { addPartitionColumns } from './partition-columns.ts';
import { recordLimit } from './record-dialect.ts';
import { RecordScanner } from './record-scanner.ts';

/** How much of a part's end is enough to recognise it. */
const tailBytes = 64 * 1024;

export interface CopySettings {
  readonly settings: MergeSettings;
  /** The header of the merged file, once it has one. */
  readonly header: HeaderEntry | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called after each chunk. */
  readonly onChunk: () => void;
}

/**
 * Appends the records of one part, byte by byte as they are, and returns the journal entries for them: the header of
 * the merged file if this part brought it, then the part. A last record without a line ending gets one.
 * Throws when the part is not sound; what was appended of it must then be cut off.
 */
export async function copyPart(
  ready: ReadyPart,
  file: MergedFile,
  copy: CopySettings,
): Promise<readonly JournalEntry[]> {
  const part = ready.part.relativePath;
  const { settings } = copy;
  const taker = settings.header === 'present' ? new HeaderTaker(part, settings) : undefined;
  const rows = new RowCopy(part, file, settings);
  let header: HeaderEntry | undefined;
  let read = 0;
  for await (const chunk of addPartitionColumns(ready.part, ready.chunks(), settings)) {
    copy.signal?.throwIfAborted();
    read += chunk.length;
    const body = taker === undefined ? chunk : taker.take(chunk);
    if (body.length === 0) continue;
    header ??= await placeHeader(taker, file, copy);
    await rows.append(body, originOf(ready, settings, read - body.length));
    copy.onChunk();
  }
  taker?.finish();
  header ??= await placeHeader(taker, file, copy);
  const entry = await rows.finish(ready.part.size);
  return header === undefined ? [entry] : [header, entry];
}

/** Where bytes of a part stand in an object, if they are exactly those and a store may copy them. */
function originOf(
  ready: ReadyPart,
  { partitionColumns }: MergeSettings,
  at: number,
): BytesOrigin | undefined {
  const { part } = ready;
  const named = ready.version?.();
  const isChanged = isGzip(part.name) || (partitionColumns?.length ?? 0) > 0;
  if (named === undefined || isChanged) return undefined;
  return { path: part.absolutePath, version: named, at, end: part.size };
}

/** Writes the first header of all, or compares this part's with it. */
async function placeHeader(
  taker: HeaderTaker | undefined,
  file: MergedFile,
  copy: CopySettings,
): Promise<HeaderEntry | undefined> {
  if (taker?.header === undefined) return undefined;
  if (copy.header === undefined) return appendHeader(file, taker.header);
  const wanted = withoutEnding(Buffer.from(copy.header.header, 'base64'));
  const found = withoutEnding(taker.header);
  if (found.equals(wanted)) return undefined;
  throw new SluiceError('MERGE_HEADER_DIFFERS', {
    part: taker.part,
    found: show(found),
    wanted: show(wanted),
  });
}

/** Begins the merged file with a header record. */
export async function appendHeader(file: MergedFile, header: Buffer): Promise<HeaderEntry> {
  await file.append(header);
  return {
    kind: 'header',
    header: header.toString('base64'),
    bytes: header.length,
    crc32: hexOf(crc32(header)),
    end: file.length,
  };
}

function show(header: Buffer): string {
  const text = header.toString();
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
}

/** Copies the rows of one part and adds up what the journal must know of them. */
class RowCopy {
  readonly #part: string;
  readonly #file: MergedFile;
  readonly #settings: MergeSettings;
  readonly #scanner: RecordScanner;
  #bytes = 0;
  #crc = 0;
  #tail: Buffer = Buffer.alloc(0);

  constructor(part: string, file: MergedFile, settings: MergeSettings) {
    this.#part = part;
    this.#file = file;
    this.#settings = settings;
    this.#scanner = new RecordScanner(settings);
  }

  async append(bytes: Buffer, origin?: BytesOrigin): Promise<void> {
    this.#scanner.count(bytes);
    if (this.#scanner.tooLong) {
      throw new SluiceError('MERGE_RECORD_TOO_LONG', { part: this.#part, limit: recordLimit });
    }
    this.#crc = crc32(bytes, this.#crc);
    this.#bytes += bytes.length;
    this.#keepTail(bytes);
    await this.#file.append(bytes, origin);
  }

  async finish(size: number): Promise<PartEntry> {
    if (this.#scanner.insideQuotes) {
      const how = this.#settings.escape === 'double' ? 'doubling' : 'a backslash';
      throw new SluiceError('MERGE_PART_TORN', { part: this.#part, escape: how });
    }
    if (this.#scanner.unfinished) await this.append(this.#scanner.lineEnding);
    return {
      kind: 'part',
      part: this.#part,
      size,
      bytes: this.#bytes,
      rows: this.#scanner.records,
      crc32: hexOf(this.#crc),
      ...(this.#bytes > tailBytes && {
        tail: { bytes: this.#tail.length, crc32: hexOf(crc32(this.#tail)) },
      }),
      end: this.#file.length,
    };
  }

  #keepTail(bytes: Buffer): void {
    const whole = bytes.length >= tailBytes ? bytes : Buffer.concat([this.#tail, bytes]);
    // A copy, because the chunk's buffer is used again.
    this.#tail = Buffer.from(whole.subarray(-tailBytes));
  }
}
