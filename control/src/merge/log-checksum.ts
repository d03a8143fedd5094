import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isObjectPath } from '../storage/place.ts';
import { type FilePort, isSystemError } from './file-port.ts';

const magic = Buffer.from('crc\0');
const headBytes = 8;

/**
 * What Hadoop's local file system keeps beside each file as `.NAME.crc` (ChecksumFileSystem): `crc`, a zero byte, how
 * many bytes a checksum covers, then the CRC-32 of each stretch of so many bytes, all big-endian. It is the only thing
 * that tells a log file whose end is lost between two lines from a whole one. Seen with Spark 4.1 on a local disk;
 * buckets and HDFS have none and see to their files themselves.
 */
export class LogChecksum {
  readonly #wanted: Buffer;
  readonly #stretch: number;
  #at = headBytes;
  #covered = 0;
  #crc = 0;
  #same = true;

  private constructor(wanted: Buffer) {
    this.#wanted = wanted;
    this.#stretch = wanted.readUInt32BE(magic.length);
  }

  /** The checksums of a file; undefined when it has none, or none of this sort. */
  static async of(port: FilePort, path: string): Promise<LogChecksum | undefined> {
    if (isObjectPath(path)) return undefined;
    const bytes = await readWhole(port, join(dirname(path), `.${basename(path)}.crc`));
    if (bytes === undefined || bytes.length < headBytes) return undefined;
    const isOurs = bytes.subarray(0, magic.length).equals(magic) && bytes.readUInt32BE(4) > 0;
    return isOurs ? new LogChecksum(bytes) : undefined;
  }

  /** Takes the next bytes of the file. */
  take(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      const piece = chunk.subarray(from, from + this.#stretch - this.#covered);
      this.#crc = crc32(piece, this.#crc);
      this.#covered += piece.length;
      from += piece.length;
      if (this.#covered === this.#stretch) this.#compare();
    }
  }

  /** True when exactly the bytes that were written have been taken. */
  matches(): boolean {
    if (this.#covered > 0) this.#compare();
    return this.#same && this.#at === this.#wanted.length;
  }

  #compare(): void {
    const there = this.#at + 4 <= this.#wanted.length;
    this.#same &&= there && this.#wanted.readUInt32BE(this.#at) === this.#crc;
    this.#at += 4;
    this.#covered = 0;
    this.#crc = 0;
  }
}

async function readWhole(port: FilePort, path: string): Promise<Buffer | undefined> {
  try {
    const file = await port.open(path, 'read');
    try {
      const bytes = Buffer.alloc(await file.size());
      return bytes.subarray(0, await file.read(bytes, 0));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
