import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SluiceError } from '../errors/sluice-error.ts';

const chunkBytes = 1 << 18;

/** Spark ends the names of parts so that it wrote with `compression=gzip`. */
export function isGzip(path: string): boolean {
  return path.endsWith('.gz');
}

/** The bytes of a gzip file, in constant memory. Throws MERGE_PART_UNREADABLE when they are no whole gzip. */
export async function* gunzipPart(
  part: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  pipeline(Readable.from(copyChunks(chunks)), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    const isZlib = error instanceof Error && 'errno' in error && 'code' in error;
    if (!isZlib || !String(error.code).startsWith('Z_')) throw error;
    const problem = `it is no whole gzip file (${error.message})`;
    throw new SluiceError('MERGE_PART_UNREADABLE', { part, problem }, { cause: error });
  }
}

/** The stream reads ahead, and the buffers of its source are used again. */
async function* copyChunks(chunks: AsyncIterable<Buffer> | Iterable<Buffer>) {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
