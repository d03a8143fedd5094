import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { EventCounts } from './produce-events.ts';
import { describeProblem, ProducerError } from './producer-errors.ts';

/** Longer than any answer of a destination that is well. */
const STUCK_AFTER_MS = 30_000;
const LOOK_EACH_MS = 1000;

export interface StatusSource {
  /** 0 for a free one. */
  readonly port: number;
  readonly name: string;
  readonly counts: () => EventCounts;
  readonly figures?: () => Readonly<Record<string, number>>;
  /** Events that wait so long for an acknowledgement make the producer unwell, 30 s when absent. */
  readonly stuckAfterMs?: number;
}

export interface StatusServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Answers on 127.0.0.1: `/health` with 200 and the counts, or 503 when events wait and nothing is acknowledged for 30 s;
 * `/metrics` in the format of Prometheus. Throws LISTEN_FAILED.
 */
export async function startStatusServer(source: StatusSource): Promise<StatusServer> {
  const watch = watchProgress(source);
  const metrics = describeMetrics(source);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/health') {
      answerHealth(source, watch.stuckMs(), response);
    } else if (path === '/metrics') {
      void sendMetrics(metrics, response);
    } else {
      answer(response, 404, { problem: 'there are /health and /metrics' });
    }
  });
  const port = await listen(server, source.port);
  return { url: `http://127.0.0.1:${port}`, close: () => close(server, watch.stop) };
}

function answerHealth(source: StatusSource, stuckMs: number, response: ServerResponse): void {
  const well = stuckMs < (source.stuckAfterMs ?? STUCK_AFTER_MS);
  const status = well ? 'ok' : `nothing acknowledged for ${Math.round(stuckMs / 1000)} s`;
  answer(response, well ? 200 : 503, { producer: source.name, status, ...source.counts() });
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (caught) {
    throw new ProducerError('LISTEN_FAILED', { port, problem: describeProblem(caught) });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function close(server: Server, stopWatch: () => void): Promise<void> {
  stopWatch();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

/** How long events have been waiting without any of them being acknowledged. */
function watchProgress({ counts }: StatusSource) {
  let last = { acked: counts().acked, at: performance.now() };
  const look = (): void => {
    const { sent, acked, failed } = counts();
    if (acked !== last.acked || sent === acked + failed) {
      last = { acked, at: performance.now() };
    }
  };
  const timer = setInterval(look, LOOK_EACH_MS).unref();
  const stuckMs = (): number => {
    look();
    return performance.now() - last.at;
  };
  return { stuckMs, stop: () => clearInterval(timer) };
}

function describeMetrics({ name, counts, figures }: StatusSource): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ producer: name });
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'sluice_producer_events_total',
    help: 'Events by what became of them: sent, acked (acknowledged) or failed.',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      this.reset();
      const { sent, acked, failed } = counts();
      Object.entries({ sent, acked, failed }).forEach(([result, value]) => {
        this.inc({ result }, value);
      });
    },
  });
  if (figures !== undefined) {
    new Gauge({
      name: 'sluice_producer_figure',
      help: 'Figures of this sort of producer, since its start.',
      labelNames: ['figure'],
      registers: [registry],
      collect() {
        Object.entries(figures()).forEach(([figure, value]) => {
          this.set({ figure }, value);
        });
      },
    });
  }
  return registry;
}

async function sendMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType }).end(text);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
}
