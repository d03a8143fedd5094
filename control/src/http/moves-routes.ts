import { runAnswer, statusAnswer } from '../pipeline/answer-schemas.ts';
import { viewPipeline } from '../pipeline/judge-move.ts';
import type { Service } from '../pipeline/service.ts';
import { startPipeline, stopPipeline } from '../pipeline.ts';
import type { Api } from './api-instance.ts';
import { describeStatus } from './describe-pipeline.ts';
import { describeRun } from './describe-run.ts';
import { nameParameter } from './parameters.ts';
import { problems } from './problem-schema.ts';
import { readName } from './read-name.ts';

const tags = ['pipelines'];

/** Start, stop and status. */
export function movesRoutes(app: Api, service: Service): void {
  app.post('/api/v1/pipelines/:name/start', startOptions, async (request, reply) => {
    const { run, isNew } = await startPipeline(service, readName(request.params.name));
    reply.header('location', `/api/v1/runs/${run.id}`);
    return reply.code(isNew ? 202 : 200).send(describeRun(run));
  });

  app.post('/api/v1/pipelines/:name/stop', stopOptions, async (request, reply) => {
    const name = readName(request.params.name);
    const isMoving = stopPipeline(service, name);
    const status = await describeStatus(service, viewPipeline(service, name));
    return reply.code(isMoving ? 202 : 200).send(status);
  });

  app.get('/api/v1/pipelines/:name/status', statusOptions, async (request) =>
    describeStatus(service, viewPipeline(service, readName(request.params.name))),
  );
}

const startOptions = {
  schema: {
    tags,
    summary: 'Start a pipeline',
    description:
      '202 when the start was accepted and is on disk; 200 with the run that is there when it runs already. ' +
      'A run that fails stays FAILED until it is started again, by the `restart` clause of its spec or by a call.',
    params: nameParameter,
    response: { 200: runAnswer, 202: runAnswer, ...problems },
  },
};

const stopOptions = {
  schema: {
    tags,
    summary: 'Stop a pipeline',
    description:
      'The job is asked to finish its batch and end; after the deadline it gets SIGTERM, then SIGKILL. The ' +
      'status says which it took. 200 when nothing runs.',
    params: nameParameter,
    response: { 200: statusAnswer, 202: statusAnswer, ...problems },
  },
};

const statusOptions = {
  schema: {
    tags,
    summary: 'What is wanted and what is seen',
    params: nameParameter,
    response: { 200: statusAnswer, ...problems },
  },
};
