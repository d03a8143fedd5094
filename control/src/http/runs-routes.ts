import { SluiceError } from '../errors/sluice-error.ts';
import { logAnswer, pageOf, runAnswer } from '../pipeline/answer-schemas.ts';
import { viewPipeline } from '../pipeline/judge-move.ts';
import type { Service } from '../pipeline/service.ts';
import type { RunRecord } from '../store/run-store.ts';
import type { Api } from './api-instance.ts';
import { describeRun } from './describe-run.ts';
import { logQuery, nameParameter, pageQuery, runParameter } from './parameters.ts';
import { problems } from './problem-schema.ts';
import { readName } from './read-name.ts';

const tags = ['runs'];
const mostLines = 5000;

/** Runs and their logs. */
export function runsRoutes(app: Api, service: Service): void {
  app.get('/api/v1/pipelines/:name/runs', listOptions, async (request) => {
    const { pipeline } = viewPipeline(service, readName(request.params.name));
    const page = service.store.runs(pipeline.name, request.query);
    return { ...page, items: page.items.map(describeRun) };
  });

  app.get('/api/v1/runs/:id', readOptions, async (request) =>
    describeRun(findRun(service, request.params.id)),
  );

  app.get('/api/v1/runs/:id/log', logOptions, async (request) => {
    const run = findRun(service, request.params.id);
    const page = await readLog(service, run, request.query);
    return { id: run.id, from: page.from, total: page.total, log: [...page.lines] };
  });
}

function findRun(service: Service, text: string): RunRecord {
  const id = readName(text);
  const run = service.store.run(id);
  if (!run) throw new SluiceError('RUN_UNKNOWN', { id });
  return run;
}

/** A driver that has not started has no lines. A page from the end needs the total first. */
async function readLog(
  { executors }: Service,
  { handle, target }: RunRecord,
  { from, size }: { from: number; size: number },
) {
  if (!handle) return { from: 0, total: 0, lines: [] };
  const executor = executors[target];
  const lines = size < 0 ? mostLines : size;
  if (from >= 0) return executor.readLog(handle, from, lines);
  const { total } = await executor.readLog(handle, 0, 0);
  return executor.readLog(handle, Math.max(0, total - lines), lines);
}

const listOptions = {
  schema: {
    tags,
    summary: 'List the runs of a pipeline, newest first',
    params: nameParameter,
    querystring: pageQuery,
    response: { 200: pageOf(runAnswer), ...problems },
  },
};

const readOptions = {
  schema: {
    tags,
    summary: 'Read a run',
    params: runParameter,
    response: { 200: runAnswer, ...problems },
  },
};

const logOptions = {
  schema: {
    tags,
    summary: "Read lines of a driver's log",
    params: runParameter,
    querystring: logQuery,
    response: { 200: logAnswer, ...problems },
  },
};
