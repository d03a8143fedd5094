import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../errors/sluice-error.ts';
import { describeProblem, problemType, translateError } from './problem-reply.ts';
import type { RouteList } from './route-list.ts';

/** Gives every failure the same shape: unknown paths, wrong methods, and what handlers throw. */
export function answerErrors(app: FastifyInstance, routes: RouteList): void {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = routes.methodsOf(path);
    if (allowed.length === 0) return sendProblem(reply, new SluiceError('ROUTE_UNKNOWN', { path }));
    reply.header('allow', allowed.join(', '));
    const parameters = { path, method: request.method, allowed: allowed.join(', ') };
    return sendProblem(reply, new SluiceError('METHOD_REFUSED', parameters));
  });
  app.setErrorHandler((error, request, reply) => {
    const translated = translateError(error, request.routeOptions.bodyLimit ?? 0);
    logError(translated, request);
    return sendProblem(reply, translated);
  });
}

/** Sends an error of the catalogue. */
export function sendProblem(reply: FastifyReply, error: SluiceError): FastifyReply {
  const body = JSON.stringify(describeProblem(error));
  return reply.code(error.status).type(problemType).serializer(String).send(body);
}

function logError(error: SluiceError, request: FastifyRequest): void {
  if (error.status >= 500) request.log.error({ err: error.cause ?? error }, error.message);
  else request.log.info({ code: error.code }, error.message);
}
