import type { FilePort } from './file-port.ts';

const chunkBytes = 1 << 20;
const newline = 0x0a;

/** One line without its newline. */
export interface FileLine {
  readonly bytes: Buffer;
  /** Offset in the file just behind the line and its newline. */
  readonly end: number;
  /** False for a last line that has no newline. */
  readonly closed: boolean;
}

/**
 * Reads a file line by line, in groups of lines, because a group costs one await and a compacted log has millions
 * of lines. The buffers stay valid. Each chunk is shown as it is read.
 */
export async function* readLines(
  port: FilePort,
  path: string,
  show: (chunk: Buffer) => void = () => undefined,
): AsyncGenerator<FileLine[]> {
  const file = await port.open(path, 'read');
  try {
    let rest: Buffer = Buffer.alloc(0);
    let position = 0;
    const size = await file.size();
    while (position < size) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - position));
      const count = await file.read(chunk, position);
      if (count === 0) break;
      show(chunk.subarray(0, count));
      const text = Buffer.concat([rest, chunk.subarray(0, count)]);
      const lines = cutLines(text, position - rest.length);
      position += count;
      rest = text.subarray(text.lastIndexOf(newline) + 1);
      yield lines;
    }
    if (rest.length > 0) yield [{ bytes: rest, end: position, closed: false }];
  } finally {
    await file.close();
  }
}

function cutLines(text: Buffer, offset: number): FileLine[] {
  const lines: FileLine[] = [];
  let from = 0;
  for (let to = text.indexOf(newline); to >= 0; to = text.indexOf(newline, from)) {
    lines.push({ bytes: text.subarray(from, to), end: offset + to + 1, closed: true });
    from = to + 1;
  }
  return lines;
}
