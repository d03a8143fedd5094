import { Type } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { SluiceError } from '../errors/sluice-error.ts';
import { pageOf, pipelineAnswer } from '../pipeline/answer-schemas.ts';
import { viewPipeline } from '../pipeline/judge-move.ts';
import type { Service } from '../pipeline/service.ts';
import { applyPipeline, checkSpec, generatePipeline, removePipeline } from '../pipeline.ts';
import type { Target } from '../target.ts';
import type { Api } from './api-instance.ts';
import { describePipeline } from './describe-pipeline.ts';
import { nameParameter, pageQuery, targetQuery } from './parameters.ts';
import { describeProblem, problemType } from './problem-reply.ts';
import { problems } from './problem-schema.ts';
import { readName } from './read-name.ts';
import { readRevision } from './read-revision.ts';
import { readSpecText, specBodyLimit } from './read-spec-body.ts';

const tags = ['pipelines'];

/** Specs: apply, list, read, print the job of, and forget. */
export function pipelinesRoutes(app: Api, service: Service): void {
  app.put('/api/v1/pipelines/:name', applyOptions, async (request, reply) => {
    const name = readName(request.params.name);
    const body = readSpecText(request.body);
    const { pipeline, findings } = checkSpec(service.config, body);
    if (!pipeline) {
      const count = findings.filter(({ level }) => level === 'error').length;
      const error = new SluiceError('SPEC_REFUSED', { count });
      return reply
        .code(422)
        .type(problemType)
        .send(describeProblem(error, findings) as never);
    }
    const wishes = readWishes(request.headers['if-match'], request.query.target);
    const text = body.toString('utf8');
    const { isNew } = applyPipeline(service, pipeline, { name, text, ...wishes });
    const view = viewPipeline(service, name);
    tag(reply, view.pipeline.revision);
    if (isNew) reply.header('location', `/api/v1/pipelines/${name}`);
    return reply
      .code(isNew ? 201 : 200)
      .send({ ...describePipeline(view), findings: [...findings] });
  });

  app.get('/api/v1/pipelines', listOptions, async (request) => {
    const page = service.store.pipelines(request.query);
    const items = page.items.map(({ name }) => describePipeline(viewPipeline(service, name)));
    return { ...page, items };
  });

  app.get('/api/v1/pipelines/:name', readOptions, async (request, reply) => {
    const view = viewPipeline(service, readName(request.params.name));
    tag(reply, view.pipeline.revision);
    return { ...describePipeline(view), spec: view.pipeline.spec };
  });

  app.delete('/api/v1/pipelines/:name', removeOptions, async (request, reply) => {
    await removePipeline(service, readName(request.params.name));
    return reply.code(204).send(null);
  });

  app.get('/api/v1/pipelines/:name/code', codeOptions, async (request, reply) => {
    const { job } = generatePipeline(service, readName(request.params.name));
    return reply.type('text/x-python; charset=utf-8').send(job.text);
  });
}

function readWishes(ifMatch: string | undefined, target: Target | undefined) {
  const ifRevision = readRevision(ifMatch);
  return { ...(ifRevision ? { ifRevision } : {}), ...(target ? { target } : {}) };
}

function tag(reply: Pick<FastifyReply, 'header'>, revision: number): void {
  reply.header('etag', `"${revision}"`);
}

const applyOptions = {
  bodyLimit: specBodyLimit,
  schema: {
    tags,
    summary: 'Apply a spec',
    description:
      'The body is the spec as YAML or JSON. It is kept as sent. While a driver may run only the unchanged ' +
      'text is accepted. If-Match takes the ETag of the revision that the change was made on.',
    consumes: ['application/yaml', 'application/json'],
    params: nameParameter,
    querystring: targetQuery,
    response: { 200: pipelineAnswer, 201: pipelineAnswer, ...problems },
  },
};

const listOptions = {
  schema: {
    tags,
    summary: 'List the pipelines by name',
    querystring: pageQuery,
    response: { 200: pageOf(pipelineAnswer), ...problems },
  },
};

const readOptions = {
  schema: {
    tags,
    summary: 'Read a pipeline with its spec',
    params: nameParameter,
    response: { 200: pipelineAnswer, ...problems },
  },
};

const removeOptions = {
  schema: {
    tags,
    summary: 'Forget a pipeline and its runs',
    description:
      'Only when no driver may run. Its parts, checkpoint, merged file and dead letters stay where they are: ' +
      'a later pipeline with the same sink path continues there.',
    params: nameParameter,
    response: { 204: Type.Null(), ...problems },
  },
};

const codeOptions = {
  schema: {
    tags,
    summary: 'Print the PySpark job',
    produces: ['text/x-python'],
    params: nameParameter,
    response: { 200: Type.String(), ...problems },
  },
};
