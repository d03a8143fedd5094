import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { type HttpFailureReason, httpGet } from './http-get.ts';

const LIMITS = { maxBytes: 100, connectMs: 5000, totalMs: 5000 };
const OK = 'HTTP/1.1 200 OK\r\n';

it.each<[string, string, HttpFailureReason, Partial<typeof LIMITS>]>([
  ['nothing is said', '', 'late', { totalMs: 500 }],
  ['the body does not end', `${OK}\r\nabc`, 'late', { totalMs: 500 }],
  ['the headers do not end', `${OK}a: b\r\n`, 'late', { totalMs: 500 }],
  ['the body is too long', `${OK}\r\n${'x'.repeat(101)}`, 'large', {}],
  ['the body is compressed', `${OK}content-encoding: br\r\n\r\n`, 'encoded', {}],
  ['something else than HTTP is spoken', 'SSH-2.0-OpenSSH\r\n', 'network', {}],
])('fails and lets go of the connection when %s', async (_title, text, reason, limits) => {
  const { socket, failure } = await ask(text, { ...LIMITS, ...limits });
  await socketEnd(socket);
  expect(failure).toMatchObject({ name: 'HttpFailure', reason });
});

it.each([
  ['a length', 'content-length: 100\r\n'],
  ['the end of the connection', 'connection: close\r\n'],
])('fails when its user stops it in a body that ends with %s', async (_title, header) => {
  const { socket, failure } = await ask(`${OK}${header}\r\nabc`, LIMITS, AbortSignal.timeout(500));
  await socketEnd(socket);
  expect(failure).toMatchObject({ reason: 'stopped' });
});

it('gives status, headers and body, and lets go of the connection', async () => {
  const text = `HTTP/1.1 418 Teapot\r\nx-a: b\r\ncontent-length: 100\r\n\r\n${'x'.repeat(100)}`;
  const { socket, answer } = await ask(text, LIMITS);
  await socketEnd(socket);
  expect(answer).toMatchObject({ status: 418, headers: { 'x-a': 'b' } });
  expect(String(answer?.body)).toBe('x'.repeat(100));
});

/** The server says the text and then waits for the other side. */
async function ask(text: string, limits: typeof LIMITS, stop = new AbortController().signal) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const connected = once(server, 'connection');
  const asked = httpGet({
    url: new URL(`http://127.0.0.1:${port}/`),
    headers: {},
    limits,
    allowPrivate: true,
    stop,
  });
  const outcome = await asked.then(
    (answer) => ({ answer, failure: undefined }),
    (failure: unknown) => ({ answer: undefined, failure }),
  );
  const [socket]: Socket[] = await connected;
  server.close();
  return { socket, ...outcome };
}

/** Without it the test would run out of its time. */
async function socketEnd(socket: Socket | undefined): Promise<void> {
  if (socket?.destroyed === false) {
    socket.resume();
    await once(socket, 'close');
  }
}
