import type { FastifyInstance } from 'fastify';
import { SluiceError } from '../errors/sluice-error.ts';
import { specSizeLimit } from '../spec/read-spec.ts';

/**
 * How much of a spec that is too large is taken in, in bytes. Lint refuses it from 256 KiB on, but only a body that
 * was read can be answered with findings; a connection that is cut while it sends sees no answer at all.
 */
export const specBodyLimit = 16 * 1024 * 1024;

/** Bodies stay bytes: lint reads YAML and JSON alike and says itself when they are not UTF-8. */
export function takeSpecBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/yaml',
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => body,
  );
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => {
      refuseBrokenJson(body);
      return body;
    },
  );
}

/** The bytes of a spec; no body is an empty spec, about which lint has something to say. */
export function readSpecText(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Throws BODY_INVALID. An empty body is left to whoever needs one, and one that is too large to lint. */
function refuseBrokenJson(body: Buffer): void {
  if (body.length === 0 || body.length > specSizeLimit) return;
  try {
    JSON.parse(body.toString('utf8'));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new SluiceError('BODY_INVALID', { problem: `it is not JSON (${problem})` });
  }
}
