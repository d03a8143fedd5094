import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the site does when a path is asked for. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** A small site on this machine that plays good and bad pages. */
export interface WebSite {
  readonly url: string;
  /** Requests so far, as their paths. */
  readonly asked: readonly string[];
  /** Headers of the last request. */
  readonly lastHeaders: () => IncomingMessage['headers'];
  /** What a path answers from now on; others are not found. */
  play(path: string, answering: Answering): void;
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function startWebSite(pages: Readonly<Record<string, Answering>>): Promise<WebSite> {
  const plays = new Map(Object.entries(pages));
  const asked: string[] = [];
  let headers: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    headers = request.headers;
    (plays.get(path) ?? notFound)(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    lastHeaders: () => headers,
    play: (path, answering) => {
      plays.set(path, answering);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A page of this body, as HTML in UTF-8 unless the headers say otherwise. */
export function html(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Answering {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answering {
  return (_request, response) => {
    response.writeHead(code, headers).end();
  };
}

const notFound = status(404);

export interface Quote {
  readonly text: string;
  readonly author: string;
  readonly likes?: string;
}

/** A table of quotes, and a link to the next page when there is one. */
export function quotesPage(quotes: readonly Quote[], next?: string): string {
  const rows = quotes.map(
    ({ text, author, likes = '1,234' }) =>
      `<tr class="quote"><td class="text">${text}</td><td class="author">${author}</td>` +
      `<td class="likes" data-likes="${likes}">${likes} likes</td></tr>`,
  );
  const link = next === undefined ? '' : `<a class="next" href="${next}">Next</a>`;
  return `<!doctype html><html><body><table>${rows.join('\n')}</table>${link}</body></html>`;
}
