import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { makeMarketPage } from './market-pages.ts';

/** Stands in for the API of CoinGecko on this machine. */
export interface MarketsServer {
  /** Root of the API. */
  readonly url: string;
  /** Answers with status 200 so far: what the real API charges. */
  readonly charged: () => number;
  close(): Promise<void>;
}

/** Asks the collector to come back, as the real one does when it is busy. */
const BUSY_AT = 2;
const PATH = '/api/v3/coins/markets';

/** Starts it on a free port. Each charged answer is the next snapshot; the second request is told to wait a second. */
export async function startMarketsServer(): Promise<MarketsServer> {
  let asked = 0;
  let charged = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://markets');
    asked += 1;
    if (url.pathname !== PATH) {
      reply(response, 404, '{"error":"no such path"}');
    } else if (asked === BUSY_AT) {
      response.setHeader('retry-after', '1');
      reply(response, 429, '{"status":{"error_code":429,"error_message":"Slow down"}}');
    } else {
      charged += 1;
      reply(response, 200, makeMarketPage({ snapshot: charged, ...readWish(url.searchParams) }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/api/v3`,
    charged: () => charged,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function readWish(query: URLSearchParams) {
  return { page: Number(query.get('page') ?? 1), perPage: Number(query.get('per_page') ?? 100) };
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
