import { SluiceError } from '../errors/sluice-error.ts';
import type { CommittedPart } from './committed-parts.ts';
import { type FilePort, isSystemError, type OpenFile } from './file-port.ts';
import { gunzipPart, isGzip } from './gunzip-part.ts';

/** A buffer for small parts has at least so many bytes. */
const smallBytes = 8192;

/** How many small parts are read ahead, each whole; small is what fits into a quarter of a chunk. */
const readAhead = 16;

/** A part that is ready to be copied: its bytes, or why there are none. */
export interface ReadyPart {
  readonly part: CommittedPart;
  /** Each chunk stays untouched until the one after the next is asked for. */
  chunks(): AsyncIterable<Buffer> | Iterable<Buffer>;
  /** Which state of the file the chunks are from, once they are asked for; undefined where that has no name. */
  version?(): string | undefined;
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
  const ring = new BufferRing(chunkBytes);
  const ahead: Promise<ReadyPart>[] = [];
  let next = 0;
  for (let at = 0; at < parts.length; at += 1) {
    for (; next < parts.length && next < at + readAhead; next += 1) {
      ahead.push(prepare(port, parts[next] as CommittedPart, ring));
    }
    yield inflate((await ahead.shift()) as ReadyPart);
  }
}

function inflate(ready: ReadyPart): ReadyPart {
  const { part } = ready;
  if (!isGzip(part.name)) return ready;
  return { part, chunks: () => gunzipPart(part.relativePath, lazily(ready)) };
}

/** Errors of small parts are thrown when their chunks are asked for: inside the stream that unpacks them. */
async function* lazily(ready: ReadyPart): AsyncGenerator<Buffer> {
  yield* ready.chunks();
}

async function prepare(port: FilePort, part: CommittedPart, ring: BufferRing): Promise<ReadyPart> {
  if (part.size > ring.chunkBytes / 4) return new BigPart(port, part, ring);
  try {
    const bytes = await readSmall(port, part, ring);
    return { part, chunks: () => (bytes.length === 0 ? [] : [bytes]) };
  } catch (error) {
    return { part, chunks: () => fail(error) };
  }
}

async function readPart(file: OpenFile, bytes: Buffer, part: CommittedPart): Promise<number> {
  try {
    return await file.read(bytes, 0);
  } catch (error) {
    refuseUnreadable(error, part);
    throw error;
  }
}

function fail(error: unknown): never {
  throw error;
}

async function readSmall(port: FilePort, part: CommittedPart, ring: BufferRing): Promise<Buffer> {
  const file = await openPart(port, part);
  try {
    await checkSize(file, part);
    const bytes = ring.nextSmall(part.size);
    const count = part.size === 0 ? 0 : await readPart(file, bytes, part);
    if (count < part.size) throw wrongSize(part, count);
    return bytes;
  } finally {
    await file.close();
  }
}

class BigPart implements ReadyPart {
  readonly part: CommittedPart;
  readonly #port: FilePort;
  readonly #ring: BufferRing;
  #version: string | undefined;

  constructor(port: FilePort, part: CommittedPart, ring: BufferRing) {
    this.part = part;
    this.#port = port;
    this.#ring = ring;
  }

  version(): string | undefined {
    return this.#version;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    const file = await openPart(this.#port, this.part);
    this.#version = file.version;
    yield* readBig(file, this.part, this.#ring);
  }
}

/** Reads an open part, and closes it. */
async function* readBig(
  file: OpenFile,
  part: CommittedPart,
  ring: BufferRing,
): AsyncGenerator<Buffer> {
  let underWay: Promise<Settled> | undefined;
  try {
    await checkSize(file, part);
    underWay = settled(file, ring.next(), 0);
    for (let position = 0; position < part.size; ) {
      const chunk = unwrap(await underWay, part);
      if (chunk.length === 0) throw wrongSize(part, position);
      position += chunk.length;
      if (position < part.size) underWay = settled(file, ring.next(), position);
      yield chunk;
    }
    await checkSize(file, part);
  } finally {
    // A descriptor must not be closed under a read: its number may be given to another file at once.
    await underWay;
    await file.close();
  }
}

/**
 * Three buffers in turn, through all parts: one is being read into, one is being counted, one is being written. The
 * turns go on from part to part, because the last chunk of a part may still be on its way to the disk.
 */
class BufferRing {
  readonly chunkBytes: number;
  readonly #buffers: readonly Buffer[];
  /** For small parts: as many as are read ahead, and three as above. Made when needed, then used again. */
  readonly #small: Buffer[] = [];
  #turn = 0;
  #smallTurn = 0;

  constructor(chunkBytes: number) {
    this.chunkBytes = chunkBytes;
    this.#buffers = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(chunkBytes));
  }

  next(): Buffer {
    this.#turn = (this.#turn + 1) % this.#buffers.length;
    return this.#buffers[this.#turn] as Buffer;
  }

  nextSmall(size: number): Buffer {
    this.#smallTurn = (this.#smallTurn + 1) % (readAhead + 3);
    const buffer = this.#small[this.#smallTurn];
    if (buffer !== undefined && buffer.length >= size) return buffer.subarray(0, size);
    const grown = Buffer.allocUnsafeSlow(Math.max(size, smallBytes));
    this.#small[this.#smallTurn] = grown;
    return grown.subarray(0, size);
  }
}

type Settled = { readonly chunk: Buffer } | { readonly error: unknown };

/** A read that never rejects, so that one nobody waits for any more cannot end the process. */
function settled(file: OpenFile, buffer: Buffer, position: number): Promise<Settled> {
  return file.read(buffer, position).then(
    (count) => ({ chunk: buffer.subarray(0, count) }),
    (error: unknown) => ({ error }),
  );
}

function unwrap(result: Settled, part: CommittedPart): Buffer {
  if ('chunk' in result) return result.chunk;
  refuseUnreadable(result.error, part);
  throw result.error;
}

async function openPart(port: FilePort, part: CommittedPart): Promise<OpenFile> {
  try {
    return await port.open(part.absolutePath, 'read');
  } catch (error) {
    refuseUnreadable(error, part);
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    const { relativePath, absolutePath, batch } = part;
    throw new SluiceError('MERGE_PART_MISSING', { part: relativePath, path: absolutePath, batch });
  }
}

/** Throws MERGE_PART_UNREADABLE for what is wrong with this one file; other failures may be those of the machine. */
function refuseUnreadable(error: unknown, part: CommittedPart): void {
  if (!isSystemError(error, 'EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'EIO')) return;
  const problem = error instanceof Error ? error.message : '';
  throw new SluiceError(
    'MERGE_PART_UNREADABLE',
    { part: part.relativePath, problem },
    { cause: error },
  );
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
