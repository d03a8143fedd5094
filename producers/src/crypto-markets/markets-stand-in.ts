import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** How one request is answered. */
export type Play = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine that plays the API of the markets, well or badly. */
export interface MarketsStandIn {
  readonly url: URL;
  /** Paths with queries, in the order they were asked for. */
  readonly asked: readonly string[];
  /** Names and values of the headers of the last request. */
  readonly lastHeaders: () => IncomingMessage['headers'];
  close(): Promise<void>;
}

/** Starts it on a free port. Each request takes the next play; the last is played again and again. */
export async function startMarketsStandIn(...plays: readonly Play[]): Promise<MarketsStandIn> {
  const asked: string[] = [];
  let headers: IncomingMessage['headers'] = {};
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    headers = request.headers;
    plays[Math.min(asked.length, plays.length) - 1]?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: new URL(`http://127.0.0.1:${port}/api/v3`),
    asked,
    lastHeaders: () => headers,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with this status and body at once. */
export function answer(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Play {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

/** So many coins, with numbers that would not survive being read and written by JavaScript. */
export function coins(count: number, first = 0): string {
  const list = Array.from(
    { length: count },
    (_, index) =>
      `{"id":"coin-${first + index}","symbol":"c","current_price":1.5E9,"total_supply":21000000.0,` +
      `"market_cap":12345678901234567890,"roi":null,"last_updated":"2026-11-24T03:00:21.435Z"}`,
  );
  return `[${list.join(',\n')}]`;
}
