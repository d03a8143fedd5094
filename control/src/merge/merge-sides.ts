import { SluiceError } from '../errors/sluice-error.ts';
import type { CommittedPart } from './committed-parts.ts';
import { diskFiles } from './disk-files.ts';
import { eachRecord, type TakeRecord } from './each-record.ts';
import { withoutEnding } from './header-taker.ts';
import type { MergeSettings } from './merge-settings.ts';
import { readParts } from './part-source.ts';
import { encodeHeader } from './record-dialect.ts';

const chunkBytes = 1 << 20;

/** What is compared with what. */
export interface Comparison {
  readonly parts: readonly CommittedPart[];
  readonly file: string;
  /** How many bytes of the merged file count. */
  readonly bytes: number;
  readonly settings: MergeSettings;
}

/** The records of all parts, and those of the merged file; each walk reads from disk. */
export class MergeSides {
  /** Headers, known after a walk over the side; without line endings. */
  partHeader: Buffer | undefined;
  mergedHeader: Buffer | undefined;
  readonly #compared: Comparison;

  constructor(compared: Comparison) {
    this.#compared = compared;
  }

  /** Throws MERGE_HEADER_DIFFERS when parts do not agree on their header. */
  async walkParts(take: TakeRecord): Promise<void> {
    const { parts, settings } = this.#compared;
    const hasHeader = settings.header === 'present';
    if (settings.columns !== null) {
      this.partHeader = withoutEnding(encodeHeader(settings.columns, settings.delimiter));
    }
    for await (const ready of readParts(diskFiles, parts, chunkBytes)) {
      const name = ready.part.relativePath;
      const source = { name, chunks: ready.chunks(), hasHeader };
      const header = await eachRecord(source, settings, take);
      if (header !== undefined) this.#agreeOnHeader(name, header);
    }
  }

  /** Also shows the raw chunks of the merged file. */
  async walkMerged(take: TakeRecord, show?: (chunk: Buffer) => void): Promise<void> {
    const { file, bytes, settings } = this.#compared;
    const hasHeader = settings.header === 'present' || settings.columns !== null;
    const chunks = readPrefix(file, bytes, show);
    this.mergedHeader = await eachRecord({ name: file, chunks, hasHeader }, settings, take);
  }

  #agreeOnHeader(part: string, header: Buffer): void {
    this.partHeader ??= header;
    if (this.partHeader.equals(header)) return;
    const [found, wanted] = [header.toString(), this.partHeader.toString()];
    throw new SluiceError('MERGE_HEADER_DIFFERS', { part, found, wanted });
  }
}

async function* readPrefix(
  path: string,
  bytes: number,
  show: (chunk: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const file = await diskFiles.open(path, 'read');
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
