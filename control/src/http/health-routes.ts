import { Type } from '@fastify/type-provider-typebox';
import { readRuntime } from '../executors/runtime.ts';
import type { Service } from '../pipeline/service.ts';
import type { Api } from './api-instance.ts';
import { problems } from './problem-schema.ts';

const check = Type.Object({
  name: Type.String(),
  ok: Type.Boolean(),
  problem: Type.Optional(Type.String()),
});
const health = Type.Object({ status: Type.Enum(['ok', 'failing']), checks: Type.Array(check) });

/** Live: the process answers. Ready: it could take a start now. */
export function healthRoutes(app: Api, service: Service): void {
  app.get('/health/live', liveOptions, async () => ({ status: 'ok' as const, checks: [] }));

  app.get('/health/ready', readyOptions, async (_, reply) => {
    const checks = [
      runCheck('store', () => service.store.checkWritable()),
      runCheck('runtime', () => void readRuntime(service.config.runtimeFile)),
      runCheck('watcher', () => service.watcher.check()),
    ];
    const isReady = checks.every(({ ok }) => ok);
    const status = isReady ? ('ok' as const) : ('failing' as const);
    return reply.code(isReady ? 200 : 503).send({ status, checks });
  });
}

function runCheck(name: string, work: () => void) {
  try {
    work();
    return { name, ok: true };
  } catch (error) {
    return { name, ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

const liveOptions = {
  schema: { tags: ['health'], summary: 'Does it answer', response: { 200: health, ...problems } },
};

const readyOptions = {
  schema: {
    tags: ['health'],
    summary: 'Could it take a start now',
    response: { 200: health, 503: health, '4xx': problems['4xx'] },
  },
};
