import { SluiceError } from '../errors/sluice-error.ts';
import type { CommittedPart } from './committed-parts.ts';
import { eachRecord, type TakeRecord } from './each-record.ts';
import type { FilePort } from './file-port.ts';
import { withoutEnding } from './header-taker.ts';
import type { MergeSettings } from './merge-settings.ts';
import { readParts } from './part-source.ts';
import { addPartitionColumns } from './partition-columns.ts';
import { isPartFault } from './quarantine.ts';
import { encodeHeader } from './record-dialect.ts';

const chunkBytes = 1 << 20;
const empty = Buffer.alloc(0);

/** A finished file, or the growing one. */
export interface ComparedFile {
  readonly path: string;
  /** How many of its bytes count. */
  readonly bytes: number;
}

/** What is compared with what. */
export interface Comparison {
  readonly parts: readonly CommittedPart[];
  readonly files: readonly ComparedFile[];
  readonly settings: MergeSettings;
}

/** The records of all parts, and those of the merged file; each walk reads from disk. */
export class MergeSides {
  /** Headers, known after a walk over the side; without line endings. */
  partHeader: Buffer | undefined;
  mergedHeader: Buffer | undefined;
  /** True when finished files do not agree on their header. */
  mergedHeadersDiffer = false;
  /** Parts that could not be read to their end. */
  readonly unreadable = new Set<string>();
  readonly #port: FilePort;
  readonly #compared: Comparison;

  constructor(port: FilePort, compared: Comparison) {
    this.#port = port;
    this.#compared = compared;
  }

  async walkParts(take: TakeRecord): Promise<void> {
    const { parts, settings } = this.#compared;
    const hasHeader = settings.header === 'present';
    if (settings.columns !== null) {
      this.partHeader = withoutEnding(encodeHeader(settings.columns, settings.delimiter));
    }
    for await (const ready of readParts(this.#port, parts, chunkBytes)) {
      const name = ready.part.relativePath;
      try {
        const chunks = addPartitionColumns(ready.part, ready.chunks(), settings);
        const source = { name, chunks, hasHeader };
        this.#agreeOnHeader(name, await eachRecord(source, settings, take));
      } catch (error) {
        if (!isPartFault(error)) throw error;
        this.unreadable.add(name);
      }
    }
  }

  /** Also shows the raw chunks of the merged file. */
  async walkMerged(take: TakeRecord, show?: (chunk: Buffer) => void): Promise<void> {
    const { files, settings } = this.#compared;
    const hasHeader = settings.header === 'present' || settings.columns !== null;
    for (const [index, { path, bytes }] of files.entries()) {
      const chunks = readPrefix(this.#port, { path, bytes }, show);
      const header = await eachRecord({ name: path, chunks, hasHeader }, settings, take);
      if (index === 0) this.mergedHeader = header;
      const isSame = header === this.mergedHeader || !!header?.equals(this.mergedHeader ?? empty);
      // A file that was begun and has no byte yet has no header either.
      if (!isSame && bytes > 0) this.mergedHeadersDiffer = true;
    }
  }

  #agreeOnHeader(part: string, header: Buffer | undefined): void {
    if (header === undefined) return;
    this.partHeader ??= header;
    if (this.partHeader.equals(header)) return;
    const [found, wanted] = [header.toString(), this.partHeader.toString()];
    throw new SluiceError('MERGE_HEADER_DIFFERS', { part, found, wanted });
  }
}

async function* readPrefix(
  port: FilePort,
  { path, bytes }: ComparedFile,
  show: (chunk: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const file = await port.open(path, 'read');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let position = 0; position < bytes; ) {
      const wanted = buffer.subarray(0, Math.min(chunkBytes, bytes - position));
      const count = await file.read(wanted, position);
      if (count === 0) break;
      const chunk = wanted.subarray(0, count);
      show(chunk);
      yield chunk;
      position += count;
    }
  } finally {
    await file.close();
  }
}
