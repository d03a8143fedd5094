import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { SluiceError } from './errors/sluice-error.ts';
import { answerErrors, sendProblem } from './http/answer-errors.ts';
import type { Api } from './http/api-instance.ts';
import { compileParameters } from './http/compile-parameters.ts';
import { guardRequests } from './http/guard-requests.ts';
import { healthRoutes } from './http/health-routes.ts';
import { movesRoutes } from './http/moves-routes.ts';
import { pipelinesRoutes } from './http/pipelines-routes.ts';
import { describeProblem, problemType, translateError } from './http/problem-reply.ts';
import { takeSpecBodies } from './http/read-spec-body.ts';
import { listRoutes, type RouteList } from './http/route-list.ts';
import { runsRoutes } from './http/runs-routes.ts';
import { validateRoutes } from './http/validate-routes.ts';
import type { Service } from './pipeline/service.ts';

/** The largest body of a request that brings no spec, in bytes. */
const bodyLimit = 256 * 1024;

export interface App {
  readonly api: Api;
  readonly routes: RouteList;
}

/** Builds the HTTP service over an open one; nothing listens yet, so tests can inject into it. */
export async function buildApp(service: Service, logger: FastifyBaseLogger): Promise<App> {
  const api = makeServer(logger);
  await api.register(swagger, { openapi: { openapi: '3.1.0', info } });
  const routes = listRoutes(api);
  guardRequests(api, service.config.allowedHosts);
  takeSpecBodies(api);
  answerErrors(api, routes);
  healthRoutes(api, service);
  validateRoutes(api, service);
  pipelinesRoutes(api, service);
  movesRoutes(api, service);
  runsRoutes(api, service);
  api.get('/openapi.json', openapiOptions, async () => api.swagger());
  await api.ready();
  return { api, routes };
}

const info = {
  title: 'Sluice',
  version: '1',
  description: 'Pipelines of Spark Structured Streaming: apply a spec, start it, see the truth.',
};

const openapiOptions = {
  schema: { tags: ['health'], summary: 'This document' },
};

/** Timeouts and limits so that no slow or large request holds anything for long (milliseconds, bytes). */
function makeServer(loggerInstance: FastifyBaseLogger): Api {
  return fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 10_000,
    routerOptions: { maxParamLength: 1024 },
    http: { connectionsCheckingInterval: 5_000, maxHeaderSize: 16 * 1024 },
    trustProxy: false,
    return503OnClosing: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, translateError(error, bodyLimit));
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
  })
    .setValidatorCompiler(compileParameters)
    .withTypeProvider<TypeBoxTypeProvider>();
}

/** What never became a request: no header end in time, or not HTTP. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const known = late
    ? new SluiceError('REQUEST_TIMEOUT', { seconds: 30 })
    : new SluiceError('BODY_INVALID', { problem: 'it is not a whole HTTP request' });
  const body = JSON.stringify(describeProblem(known));
  socket.end(
    `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status]}\r\nContent-Type: ${problemType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
