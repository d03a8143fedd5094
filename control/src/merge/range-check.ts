import { crc32 } from 'node:zlib';
import { type DataEntry, hexOf, type JournalEntry } from './journal-lines.ts';

type NamedRange = DataEntry & { readonly name: string };

/** Compares the bytes of a merged file, as they stream by, with the checksums of its journal. */
export class RangeCheck {
  /** Parts whose bytes in the merged file have changed; the header counts as `header`. */
  readonly damaged: string[] = [];
  readonly #ranges: readonly NamedRange[];
  #next = 0;
  #left = 0;
  #crc = 0;

  constructor(entries: readonly JournalEntry[]) {
    this.#ranges = entries.flatMap((entry): NamedRange[] => {
      if (entry.kind === 'header') return [{ ...entry, name: 'header' }];
      return entry.kind === 'part' && entry.bytes > 0 ? [{ ...entry, name: entry.part }] : [];
    });
    this.#left = this.#ranges[0]?.bytes ?? 0;
  }

  take(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length && this.#next < this.#ranges.length) {
      const piece = chunk.subarray(from, from + this.#left);
      this.#crc = crc32(piece, this.#crc);
      this.#left -= piece.length;
      from += piece.length;
      if (this.#left === 0) this.#endRange();
    }
  }

  #endRange(): void {
    const range = this.#ranges[this.#next];
    if (range !== undefined && hexOf(this.#crc) !== range.crc32) this.damaged.push(range.name);
    this.#next += 1;
    this.#left = this.#ranges[this.#next]?.bytes ?? 0;
    this.#crc = 0;
  }
}
