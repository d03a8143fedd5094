import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AwsStandIn } from './fixtures/aws-stand-in.ts';
import { glueEnvironment, newestRun, sign } from './fixtures/glue-signs.ts';
import { sampleSpec } from './fixtures/sample-spec.ts';
import {
  endServiceProcess,
  type ServiceProcess,
  startServiceProcess,
} from './fixtures/service-process.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/** What these tests read of an answer. */
interface Status {
  readonly observed: { readonly state: string };
  readonly run: { readonly id: string; readonly attempt: number };
}

/** In ms. Processes on a busy machine take their time. */
const patience = 40_000;

let aws: AwsStandIn;
let it: TestService;
const processes: ServiceProcess[] = [];

beforeEach(async () => {
  aws = new AwsStandIn();
  it = new TestService(glueEnvironment(await aws.open()));
  mkdirSync(`${it.folder}/work`);
});
afterEach(async () => {
  for (const each of processes.splice(0)) await endServiceProcess(each, 'SIGKILL');
  await aws.close();
  await it.dispose();
});

test.each([
  ['while AWS starts the run', 'StartJobRun'],
  ['while it is looking for the run', 'GetJobRuns'],
  ['while it uploads the script', 'PUTObject'],
])(
  'a service that is killed -9 %s is followed by one that has exactly one run',
  async (_, moment) => {
    const first = await serve();
    await apply(first);
    aws.onAsk = (action) => {
      if (action !== moment) return;
      aws.onAsk = undefined;
      first.child.kill('SIGKILL');
    };
    const { id } = (await start(first)) as Status['run'];
    await waitUntil('the kill', () => first.child.signalCode === 'SIGKILL', patience);
    const second = await serve();
    await waitUntil('a run', () => aws.runs.length > 0, patience);
    sign(aws, id, { name: 'alive', fields: { phase: 'running' } });
    expect((await waitForState(second, 'RUNNING')).run).toMatchObject({ id, attempt: 1 });
    expect(aws.runs).toHaveLength(1);
    expect(newestRun(aws).Arguments['--run-id']).toBe(id);
  },
);

test('a service that is killed -9 with a live run is followed by one that adopts it', async () => {
  const first = await serve();
  await apply(first);
  const { id } = (await start(first)) as Status['run'];
  await waitUntil('a run', () => aws.runs.length > 0, patience);
  sign(aws, id, { name: 'alive', fields: { phase: 'running' } });
  await waitForState(first, 'RUNNING');
  await endServiceProcess(first, 'SIGKILL');
  const second = await serve();
  await waitForState(second, 'RUNNING');
  expect(aws.asked.filter((action) => action === 'StartJobRun')).toHaveLength(1);
});

async function serve(): Promise<ServiceProcess> {
  const started = await startServiceProcess(it.environment);
  processes.push(started);
  return started;
}

async function apply({ url }: ServiceProcess): Promise<void> {
  const answer = await fetch(`${url}/api/v1/pipelines/sample?target=glue`, {
    method: 'PUT',
    headers: { 'content-type': 'application/yaml' },
    body: sampleSpec('sample'),
  });
  expect(answer.status, await answer.text()).toBe(201);
}

async function start(service: ServiceProcess): Promise<unknown> {
  return (await post(service, 'start')).json();
}

function post({ url }: ServiceProcess, action: string): Promise<Response> {
  return fetch(`${url}/api/v1/pipelines/sample/${action}`, { method: 'POST' });
}

async function waitForState({ url }: ServiceProcess, state: string): Promise<Status> {
  return waitUntil(
    `the state ${state}`,
    async () => {
      const answer = await fetch(`${url}/api/v1/pipelines/sample/status`);
      const status = (await answer.json()) as Status;
      return status.observed.state === state ? status : undefined;
    },
    patience,
  );
}
