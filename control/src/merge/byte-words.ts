/** Bytes as words of four, with those before and behind them that do not fill one. */
export interface ByteWords {
  /** Where the words begin in the bytes. */
  readonly head: number;
  readonly words: Int32Array;
  /** Where the rest begins. */
  readonly tail: number;
}

/** Views bytes as words without copying them. */
export function wordsOf(bytes: Uint8Array): ByteWords {
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const count = (bytes.length - head) >>> 2;
  const at = bytes.byteOffset + head;
  const words = count === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, at, count);
  return { head, words, tail: head + count * 4 };
}
