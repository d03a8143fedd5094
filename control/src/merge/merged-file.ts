import { crc32 } from 'node:zlib';
import type { BytesOrigin, OpenFile } from './file-port.ts';

/** After so many bytes the disk is told to begin. */
const syncAheadBytes = 32 << 20;

/**
 * The end of the merged file: appends small pieces through one buffer and big ones straight from the caller's, with
 * one write under way, so that reading and counting go on meanwhile.
 */
export class MergedFile {
  /** True once a write or sync failed. It must not be tried again: the system may have dropped the bytes. */
  failed = false;
  #file: OpenFile;
  readonly #bufferBytes: number;
  #buffer: Buffer;
  #spare: Buffer;
  #buffered = 0;
  /** Bytes handed to the system, also those of the write under way. */
  #written: number;
  /** True while the write under way reads from a caller's buffer. */
  #borrowing = false;
  #underWay: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  /** Bytes written since the last sync was begun, and that sync while it is under way. */
  #unsynced = 0;
  #syncUnderWay: Promise<void> | undefined;

  constructor(file: OpenFile, length: number, bufferBytes: number) {
    this.#file = file;
    this.#bufferBytes = bufferBytes;
    this.#buffer = Buffer.allocUnsafeSlow(bufferBytes);
    this.#spare = Buffer.allocUnsafeSlow(bufferBytes);
    this.#written = length;
  }

  /** Where the next appended byte will stand. */
  get length(): number {
    return this.#written + this.#buffered;
  }

  /**
   * Appends bytes. They may still be read from the caller's buffer until the next call returns, so a caller that
   * reads ahead needs three buffers in turn.
   */
  async append(bytes: Buffer, origin?: BytesOrigin): Promise<void> {
    if (this.#buffered + bytes.length > this.#bufferBytes) await this.#passOn();
    if (bytes.length > this.#bufferBytes / 2 || (origin && this.sealed)) {
      await this.#passOn();
      await this.#write(bytes, origin);
      this.#borrowing = true;
      return;
    }
    if (this.#borrowing) await this.#settle();
    bytes.copy(this.#buffer, this.#buffered);
    this.#buffered += bytes.length;
  }

  /** True for a file that nobody changes without `size` noticing. */
  get sealed(): boolean {
    return this.#file.sealed ?? false;
  }

  /** Says that everything appended so far may be come back to. */
  keep(): void {
    this.#file.keep?.(this.length);
  }

  /** Returns when everything appended would survive a power cut. */
  async sync(): Promise<void> {
    await this.#passOn();
    await this.#settle();
    await this.#syncUnderWay;
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      await this.#file.sync();
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  /** Takes back everything behind a length. */
  async cutBack(length: number): Promise<void> {
    await this.#underWay;
    await this.#syncUnderWay;
    this.#failure = undefined;
    if (this.#written > length) {
      await this.#file.truncate(length);
      this.#written = length;
    }
    this.#buffered = length - this.#written;
  }

  /** As cutBack, but a write that failed meanwhile is told: what stands before the length may lack its bytes. */
  async takeBack(length: number): Promise<void> {
    await this.#settle();
    await this.cutBack(length);
  }

  /** Goes on in a new, empty file. Everything appended must be synced. */
  async restart(file: OpenFile): Promise<void> {
    await this.#settle();
    const old = this.#file;
    this.#file = file;
    this.#written = 0;
    await old.close();
  }

  size(): Promise<number> {
    return this.#file.size();
  }

  /** CRC-32 of a range, or undefined when the file ends before it. */
  async checksum(from: number, length: number): Promise<number | undefined> {
    let [crc, done] = [0, 0];
    while (done < length) {
      const piece = this.#spare.subarray(0, Math.min(this.#bufferBytes, length - done));
      if ((await this.#file.read(piece, from + done)) < piece.length) return undefined;
      crc = crc32(piece, crc);
      done += piece.length;
    }
    return crc;
  }

  async close(): Promise<void> {
    await this.#underWay;
    await this.#syncUnderWay;
    await this.#file.close();
  }

  async #passOn(): Promise<void> {
    if (this.#buffered === 0) return;
    const full = this.#buffer.subarray(0, this.#buffered);
    await this.#write(full);
    [this.#buffer, this.#spare] = [this.#spare, this.#buffer];
    this.#buffered = 0;
  }

  async #write(bytes: Buffer, origin?: BytesOrigin): Promise<void> {
    await this.#settle();
    const position = this.#written;
    this.#written += bytes.length;
    this.#underWay = this.#file.write(bytes, position, origin).catch((error) => this.#fail(error));
    this.#unsynced += bytes.length;
    if (this.#unsynced >= syncAheadBytes) this.#syncAhead();
  }

  /** Lets the disk begin while there is more to copy. What counts is the sync at the end; this one vouches for nothing. */
  #syncAhead(): void {
    if (this.#syncUnderWay !== undefined) return;
    this.#unsynced = 0;
    this.#syncUnderWay = this.#underWay
      .then(() => this.#file.sync())
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#syncUnderWay = undefined;
      });
  }

  #fail(error: unknown): void {
    this.failed = true;
    this.#failure ??= { error };
  }

  async #settle(): Promise<void> {
    await this.#underWay;
    this.#borrowing = false;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
