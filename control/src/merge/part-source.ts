import { SluiceError } from '../errors/sluice-error.ts';
import type { CommittedPart } from './committed-parts.ts';
import { type FilePort, isSystemError, type OpenFile } from './file-port.ts';

/** Parts up to this many bytes are read ahead whole, several at a time. */
const smallPart = 256 * 1024;
const readAhead = 16;

/** A part that is ready to be copied: its bytes, or why there are none. */
export interface ReadyPart {
  readonly part: CommittedPart;
  /** Each chunk stays untouched until the one after the next is asked for. */
  chunks(): AsyncIterable<Buffer> | Iterable<Buffer>;
}

/**
 * Gives parts in order, reading small ones ahead: opening a file costs more than copying a few kilobytes, and four
 * can be opened at once. Chunks throw MERGE_PART_MISSING or MERGE_PART_SIZE when a part is not as committed.
 */
export async function* readParts(
  port: FilePort,
  parts: readonly CommittedPart[],
  chunkBytes: number,
): AsyncGenerator<ReadyPart> {
  const buffers = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(chunkBytes));
  const ahead: Promise<ReadyPart>[] = [];
  let next = 0;
  for (let at = 0; at < parts.length; at += 1) {
    for (; next < parts.length && next < at + readAhead; next += 1) {
      ahead.push(prepare(port, parts[next] as CommittedPart, buffers));
    }
    yield (await ahead.shift()) as ReadyPart;
  }
}

async function prepare(
  port: FilePort,
  part: CommittedPart,
  buffers: readonly Buffer[],
): Promise<ReadyPart> {
  if (part.size > smallPart) return { part, chunks: () => readBig(port, part, buffers) };
  try {
    const bytes = await readSmall(port, part);
    return { part, chunks: () => (bytes.length === 0 ? [] : [bytes]) };
  } catch (error) {
    return { part, chunks: () => fail(error) };
  }
}

function fail(error: unknown): never {
  throw error;
}

async function readSmall(port: FilePort, part: CommittedPart): Promise<Buffer> {
  const file = await openPart(port, part);
  try {
    await checkSize(file, part);
    const bytes = Buffer.allocUnsafe(part.size);
    const count = part.size === 0 ? 0 : await file.read(bytes, 0);
    if (count < part.size) throw wrongSize(part, count);
    return bytes;
  } finally {
    await file.close();
  }
}

async function* readBig(
  port: FilePort,
  part: CommittedPart,
  buffers: readonly Buffer[],
): AsyncGenerator<Buffer> {
  const file = await openPart(port, part);
  const read = (turn: number, position: number) =>
    settled(file.read(buffers[turn % buffers.length] as Buffer, position));
  let underWay: ReturnType<typeof read> | undefined;
  try {
    await checkSize(file, part);
    let position = 0;
    underWay = read(0, 0);
    for (let turn = 0; position < part.size; turn += 1) {
      const count = await underWay.then(unwrap);
      if (count === 0) throw wrongSize(part, position);
      position += count;
      underWay = position < part.size ? read(turn + 1, position) : underWay;
      yield (buffers[turn % buffers.length] as Buffer).subarray(0, count);
    }
    if (position > part.size) throw wrongSize(part, position);
  } finally {
    // A descriptor must not be closed under a read: its number may be given to another file at once.
    await underWay;
    await file.close();
  }
}

type Settled = { readonly count: number } | { readonly error: unknown };

/** Never rejects, so that a read nobody waits for any more cannot end the process. */
function settled(read: Promise<number>): Promise<Settled> {
  return read.then(
    (count) => ({ count }),
    (error: unknown) => ({ error }),
  );
}

function unwrap(result: Settled): number {
  if ('error' in result) throw result.error;
  return result.count;
}

async function openPart(port: FilePort, part: CommittedPart): Promise<OpenFile> {
  try {
    return await port.open(part.absolutePath, 'read');
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    const directory = part.absolutePath.slice(0, -part.relativePath.length - 1);
    throw new SluiceError('MERGE_PART_MISSING', { part: part.relativePath, directory });
  }
}

async function checkSize(file: OpenFile, part: CommittedPart): Promise<void> {
  const size = await file.size();
  if (size !== part.size) throw wrongSize(part, size);
}

function wrongSize(part: CommittedPart, size: number): SluiceError {
  return new SluiceError('MERGE_PART_SIZE', {
    part: part.relativePath,
    size,
    wanted: part.size,
  });
}
