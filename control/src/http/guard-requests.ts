import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SluiceError } from '../errors/sluice-error.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses what a browser could be made to send by another site: a Host that is not ours (DNS rebinding), a page
 * of another origin, and content types that a plain form can send or that only look like one of ours.
 */
export function guardRequests(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const names = new Set([...loopbackNames, ...allowedHosts]);
  app.addHook('onRequest', async (request) => {
    refuseHost(request, names);
    refuseOrigin(request, names);
    refuseMediaType(request);
  });
}

function refuseHost(request: FastifyRequest, names: ReadonlySet<string>): void {
  const host = request.headers.host ?? '';
  if (!names.has(withoutPort(host))) throw new SluiceError('HOST_REFUSED', { host: quoted(host) });
}

function refuseOrigin(request: FastifyRequest, names: ReadonlySet<string>): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new SluiceError('ORIGIN_REFUSED', { origin: quoted(String(site)) });
  }
  const { origin } = request.headers;
  if (origin === undefined) return;
  const isOurs = URL.canParse(origin) && names.has(new URL(origin).hostname);
  if (!isOurs) throw new SluiceError('ORIGIN_REFUSED', { origin: quoted(origin) });
}

/** Exactly two types, and UTF-8 as the only parameter: parsers that agree cannot be played against each other. */
function refuseMediaType(request: FastifyRequest): void {
  const type = request.headers['content-type'];
  if (type === undefined) return;
  if (!/^application\/(?:json|yaml)(?:; ?charset=utf-8)?$/i.test(type)) {
    throw new SluiceError('MEDIA_TYPE_REFUSED', { type: quoted(type) });
  }
}

function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
