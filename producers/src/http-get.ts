import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createGuardedLookup, RefusedAddressError, refusePrivateHost } from './address-guard.ts';
import { describeProblem } from './producer-errors.ts';

export interface HttpLimits {
  /** A longer body is cut off and refused. */
  readonly maxBytes: number;
  /** Milliseconds from the start until the connection is there. */
  readonly connectMs: number;
  /** Milliseconds from the start until the last byte. */
  readonly totalMs: number;
}

export interface HttpQuestion {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: HttpLimits;
  /** Whether addresses of private networks may be asked. */
  readonly allowPrivate: boolean;
  readonly stop: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `network` and `late` may be better the next time; `large`, `encoded` and `refused` will not. */
export type HttpFailureReason = 'network' | 'late' | 'large' | 'encoded' | 'refused' | 'stopped';

/** Why there is no answer. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly reason: HttpFailureReason;

  constructor(reason: HttpFailureReason, problem: string) {
    super(problem);
    this.reason = reason;
  }
}

/**
 * Gets one URL over a connection of its own. Follows no redirect and asks for no compression, so that what is read is
 * never more than what comes over the wire. Throws HttpFailure and nothing else, at the latest when the time is up.
 */
export async function httpGet(question: HttpQuestion): Promise<HttpAnswer> {
  const { limits, stop } = question;
  const late = new AbortController();
  const timers = [
    setTimeout(() => late.abort(`not answered within ${limits.totalMs} ms`), limits.totalMs),
  ];
  let outgoing: ClientRequest | undefined;
  try {
    const signal = AbortSignal.any([stop, late.signal]);
    outgoing = send(question, signal);
    timers.push(limitConnecting(outgoing, limits.connectMs, late));
    const incoming = await answerOf(outgoing, signal);
    const { statusCode: status = 0, headers } = incoming;
    const body = await readBody(incoming, limits.maxBytes);
    // A body without a length ends with the connection, so one that we cut off looks whole.
    signal.throwIfAborted();
    return { status, headers, body };
  } catch (caught) {
    throw explain(caught, stop, late.signal);
  } finally {
    timers.forEach(clearTimeout);
    outgoing?.destroy();
  }
}

function send(question: HttpQuestion, signal: AbortSignal): ClientRequest {
  const { url, allowPrivate } = question;
  if (!allowPrivate) {
    refusePrivateHost(url);
  }
  const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    agent: false,
    headers: { ...question.headers, 'accept-encoding': 'identity' },
    signal,
    ...(allowPrivate ? {} : { lookup: createGuardedLookup() }),
  });
  // What goes wrong after the answer has begun is heard by the reader of the body.
  outgoing.on('error', () => undefined);
  outgoing.end();
  return outgoing;
}

async function answerOf(outgoing: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const [incoming] = await once(outgoing, 'response', { signal });
  return incoming;
}

function limitConnecting(
  outgoing: ClientRequest,
  connectMs: number,
  late: AbortController,
): NodeJS.Timeout {
  const timer = setTimeout(() => late.abort(`not connected within ${connectMs} ms`), connectMs);
  outgoing.once('socket', (socket) => socket.once('connect', () => clearTimeout(timer)));
  return timer;
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = incoming.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new HttpFailure(
      'encoded',
      `the answer is encoded as ${encoding}, which nobody asked for`,
    );
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new HttpFailure('large', `the answer is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function explain(caught: unknown, stop: AbortSignal, late: AbortSignal): HttpFailure {
  if (caught instanceof HttpFailure) {
    return caught;
  }
  if (caught instanceof RefusedAddressError) {
    return new HttpFailure('refused', caught.message);
  }
  if (stop.aborted) {
    return new HttpFailure('stopped', 'stopped');
  }
  if (late.aborted) {
    return new HttpFailure('late', String(late.reason));
  }
  return new HttpFailure('network', describeNetworkProblem(caught));
}

/** Trying several addresses of one name gives an error that hides theirs. */
function describeNetworkProblem(caught: unknown): string {
  if (caught instanceof AggregateError) {
    return caught.errors.map(describeProblem).join('; ');
  }
  return describeProblem(caught);
}
