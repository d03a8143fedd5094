import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { LogPage } from './executor.ts';

/** A longer line is cut here, so that one line of a row dump cannot fill the memory. In bytes. */
const longestLine = 8 * 1024;
const newline = 0x0a;

/**
 * Reads lines of a log from a line number (0 is the first) in one pass over the file and with constant memory;
 * the total is counted on the way. A last line without its newline counts. No file gives no lines.
 */
export async function readLogPage(path: string, fromLine: number, lines: number): Promise<LogPage> {
  const page = new LinePage(fromLine, lines);
  if (await exists(path)) {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      page.take(chunk as Buffer);
    }
  }
  return page.finish();
}

class LinePage {
  readonly #from: number;
  readonly #until: number;
  readonly #lines: string[] = [];
  #line = 0;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(from: number, size: number) {
    this.#from = from;
    this.#until = from + size;
  }

  take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  finish(): LogPage {
    if (this.#length > 0) this.#endLine();
    return { from: this.#from, total: this.#line, lines: this.#lines };
  }

  #keep(piece: Buffer): void {
    const room = Math.max(0, longestLine - this.#length);
    if (room > 0 && this.#wanted()) this.#pieces.push(piece.subarray(0, room));
    this.#length += piece.length;
  }

  #endLine(): void {
    if (this.#wanted()) {
      const left = this.#length - longestLine;
      const text = Buffer.concat(this.#pieces).toString('utf8');
      this.#lines.push(left > 0 ? `${text} ... (${left} more bytes)` : text);
    }
    this.#line += 1;
    this.#pieces = [];
    this.#length = 0;
  }

  #wanted(): boolean {
    return this.#line >= this.#from && this.#line < this.#until;
  }
}

async function exists(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
