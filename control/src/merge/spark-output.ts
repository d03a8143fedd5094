import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Puts a file somewhere: on the real disk or a simulated one. */
export type PutFile = (path: string, text: string | Buffer) => void;

/** Puts a file on the real disk, with its folders. */
export const putOnDisk: PutFile = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

/** Writes parts and a sink log as Spark's file sink does, for tests of the merge. */
export class SparkOutput {
  readonly directory: string;
  readonly #put: PutFile;
  readonly #interval: number;
  readonly #entries: string[] = [];
  #batch = 0;

  constructor(directory: string, put: PutFile = putOnDisk, compactInterval = 10) {
    this.directory = directory;
    this.#put = put;
    this.#interval = compactInterval;
  }

  /** Commits one batch: the parts by their paths below the output folder. */
  commit(parts: Readonly<Record<string, string | Buffer>>): void {
    for (const [path, text] of Object.entries(parts)) this.#put(join(this.directory, path), text);
    this.list(
      Object.entries(parts).map(([path, text]) => this.entry(path, Buffer.from(text).length)),
    );
  }

  /** Writes the log of a batch from its entries alone. */
  list(entries: readonly string[]): void {
    const batch = this.#batch;
    this.#batch += 1;
    this.#entries.push(...entries);
    const compact = (batch + 1) % this.#interval === 0;
    const lines = ['v1', ...(compact ? this.#entries : entries)];
    const name = compact ? `${batch}.compact` : String(batch);
    this.#put(join(this.directory, '_spark_metadata', name), lines.join('\n'));
    this.#put(join(this.directory, '_spark_metadata', `.${name}.crc`), 'crc\0');
  }

  /** One line of the log, as FileStreamSinkLog writes it. */
  entry(path: string, size: number): string {
    return JSON.stringify({
      path: `file://${encodeURI(join(this.directory, path)).replaceAll('#', '%23').replaceAll('?', '%3F')}`,
      size,
      isDir: false,
      modificationTime: 1_700_000_000_000,
      blockReplication: 1,
      blockSize: 33_554_432,
      action: 'add',
    });
  }
}
