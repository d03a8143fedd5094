import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What goes wrong with one PUT. */
export type Trouble =
  | 'answer lost'
  | 'conflict'
  | 'slow down'
  | 'reset in body'
  | 'denied'
  | 'none';

/** A small S3 on this machine: PUT with `If-None-Match: *`, GET of a range, lists, and troubles on demand. */
export interface BucketStandIn {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Requests so far, as `PUT /bucket/key`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts it on a free port. Each PUT meets the next trouble, and none when they are used up. */
export async function startBucketStandIn(...troubles: readonly Trouble[]): Promise<BucketStandIn> {
  const objects = new Map<string, Buffer>();
  const requests: string[] = [];
  const left = [...troubles];
  const server = createServer((request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://bucket');
    const prefix = searchParams.get('prefix');
    requests.push(prefix === null ? `${request.method} ${path}` : `LIST ${path}${prefix}`);
    if (prefix !== null) {
      giveFirst([...objects.keys()], `${path}${prefix}`, response);
    } else if (request.method === 'GET') {
      giveRange(objects.get(path), request, response);
    } else {
      void takeObject({ request, response, path, objects }, left.shift() ?? 'none');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Taking {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly objects: Map<string, Buffer>;
}

async function takeObject(taking: Taking, trouble: Trouble): Promise<void> {
  const { request, response, path, objects } = taking;
  if (trouble === 'reset in body') {
    request.socket.resetAndDestroy();
    return;
  }
  const body = await readAll(request);
  const digest = createHash('sha256').update(body).digest('base64');
  if (trouble === 'conflict') {
    refuse(response, 409, 'ConditionalRequestConflict');
  } else if (trouble === 'slow down') {
    refuse(response, 503, 'SlowDown');
  } else if (trouble === 'denied') {
    refuse(response, 403, 'AccessDenied');
  } else if (request.headers['x-amz-checksum-sha256'] !== digest) {
    refuse(response, 400, 'BadDigest');
  } else if (request.headers['if-none-match'] === '*' && objects.has(path)) {
    refuse(response, 412, 'PreconditionFailed');
  } else {
    objects.set(path, body);
    finish(trouble, taking);
  }
}

function finish(trouble: Trouble, { request, response }: Taking): void {
  if (trouble === 'answer lost') {
    request.socket.resetAndDestroy();
  } else {
    response.writeHead(200, { etag: '"x"' }).end();
  }
}

function giveFirst(paths: readonly string[], start: string, response: ServerResponse): void {
  const first = paths.toSorted().find((path) => path.startsWith(start));
  const key = first?.split('/').slice(2).join('/');
  const contents = key === undefined ? '' : `<Contents><Key>${key}</Key><Size>1</Size></Contents>`;
  const xml = `<?xml version="1.0"?><ListBucketResult>${contents}</ListBucketResult>`;
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml);
}

/** Every range that is asked for begins with the first byte; its end is part of it. */
function giveRange(
  object: Buffer | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (object === undefined) {
    refuse(response, 404, 'NoSuchKey');
    return;
  }
  const end = /^bytes=0-(\d+)$/.exec(request.headers.range ?? '')?.[1];
  const range = end === undefined ? object : object.subarray(0, Number(end) + 1);
  response.writeHead(end === undefined ? 200 : 206, { 'content-length': range.length }).end(range);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No: ${code}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
