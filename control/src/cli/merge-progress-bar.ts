import type { MergeOnceProgress } from '../merge/merge-once.ts';

const width = 24;
const everyMs = 100;

/** One line on a terminal that is written over again and again; nothing anywhere else. */
export class MergeProgressBar {
  readonly #screen: NodeJS.WriteStream;
  readonly #beganAt = performance.now();
  /** Bytes that were waiting at the first look. */
  #all: number | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(screen: NodeJS.WriteStream = process.stderr) {
    this.#screen = screen;
  }

  show({ totals, pendingParts, pendingBytes, copiedBytes }: MergeOnceProgress): void {
    if (!this.#screen.isTTY) return;
    const left = Math.max(0, pendingBytes - copiedBytes);
    this.#all ??= left;
    const now = performance.now();
    if (now - this.#drawnAt < everyMs && left > 0) return;
    this.#drawnAt = now;
    const done = this.#all - left;
    const share = this.#all === 0 ? 1 : Math.max(0, done / this.#all);
    const speed = done / 1000 / (now - this.#beganAt);
    const words = [
      `${Math.floor(share * 100)} %`,
      `${totals.rows} rows`,
      `${pendingParts} parts left`,
      `${Math.max(0, speed).toFixed(0)} MB/s`,
    ];
    this.#screen.write(`\r\u001b[K${drawBar(share)} ${words.join(', ')}`);
  }

  /** Leaves an empty line for what is said next. */
  clear(): void {
    if (this.#screen.isTTY && Number.isFinite(this.#drawnAt)) this.#screen.write('\r\u001b[K');
  }
}

function drawBar(share: number): string {
  const filled = Math.round(share * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
}
