import { afterEach, beforeEach, expect, test } from 'vitest';
import { AwsStandIn } from './fixtures/aws-stand-in.ts';
import { controlFolderOf, glueEnvironment, newestRun, sign } from './fixtures/glue-signs.ts';
import { takeAwsVariables } from './fixtures/glue-stage.ts';
import { sampleSpec } from './fixtures/sample-spec.ts';
import { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

let aws: AwsStandIn;
let it: TestService;
let giveBack: () => void;

beforeEach(async () => {
  giveBack = takeAwsVariables();
  aws = new AwsStandIn();
  it = new TestService(glueEnvironment(await aws.open()));
  await it.open();
});
afterEach(async () => {
  await aws.close();
  await it.dispose();
  giveBack();
});

test('a run on AWS Glue is started, seen by its signs in the bucket, and stopped by its marker', async () => {
  await apply();
  const { id } = await start();
  await it.waitForState('sample', 'STARTING');
  sign(aws, id, { name: 'alive', fields: { phase: 'running' } });
  await it.waitForState('sample', 'RUNNING');
  await it.call('POST', '/api/v1/pipelines/sample/stop');
  const marker = await waitUntil('the marker', () =>
    aws.objects.get(`${controlFolderOf(id)}/stop`),
  );
  expect(JSON.parse(marker.toString())).toEqual({ run: id });
  sign(aws, id, { name: 'end', fields: { outcome: 'stopped', batch: 4 } });
  newestRun(aws).JobRunState = 'SUCCEEDED';
  expect((await it.waitForState('sample', 'STOPPED')).observed.cause?.code).toBe('RUN_STOPPED');
  expect(aws.asked).not.toContain('StopJobRun');
});

test('credentials that expire make a run UNKNOWN with that cause, end nothing, and it is RUNNING when they are good', async () => {
  await apply();
  const { id } = await start();
  await waitUntil('a run', () => aws.runs.length > 0);
  sign(aws, id, { name: 'alive', fields: { phase: 'running' } });
  await it.waitForState('sample', 'RUNNING');
  aws.goodKey = 'another';
  const { observed } = await it.waitForState('sample', 'UNKNOWN');
  expect(observed.cause?.code).toBe('AWS_CREDENTIALS_REFUSED');
  aws.goodKey = 'first';
  await it.waitForState('sample', 'RUNNING');
  expect(aws.runs).toMatchObject([{ JobRunState: 'RUNNING' }]);
});

test('a start with expired credentials is refused in one sentence and starts nothing', async () => {
  await apply();
  aws.goodKey = 'another';
  expect(await start()).toMatchObject({
    code: 'AWS_CREDENTIALS_REFUSED',
    detail: expect.stringMatching(/^S3 refuses the credentials: [^.]*expired\. /),
  });
  expect(aws.runs).toEqual([]);
});

test('credentials that expire between acceptance and start delay the run, and one is started later', async () => {
  await apply();
  aws.onAsk = (action) => {
    if (action !== 'GetJobRuns') return;
    aws.onAsk = undefined;
    aws.goodKey = 'another';
  };
  const { id } = await start();
  const { observed } = await it.waitForState('sample', 'UNKNOWN');
  expect(observed.cause?.code).toBe('AWS_CREDENTIALS_REFUSED');
  expect(aws.runs).toEqual([]);
  aws.goodKey = 'first';
  await waitUntil('a run', () => aws.runs.length > 0);
  sign(aws, id, { name: 'alive', fields: { phase: 'running' } });
  await it.waitForState('sample', 'RUNNING');
  expect(aws.runs).toHaveLength(1);
});

test.each([
  ['is missing', 'NoSuchBucket', 'BUCKET_MISSING', 'The bucket bucket does not exist.'],
  [
    'is elsewhere',
    'PermanentRedirect',
    'BUCKET_ELSEWHERE',
    'The bucket bucket is in another region, not in us-east-1.',
  ],
])('a start whose bucket %s is refused in one sentence', async (_, name, code, sentence) => {
  await apply();
  aws.fail('GETObject', { status: name === 'NoSuchBucket' ? 404 : 301, name });
  expect(await start()).toMatchObject({ code, detail: expect.stringContaining(sentence) });
  expect(aws.runs).toEqual([]);
});

test('a run of the job that somebody else started is named, and none is started beside it', async () => {
  await apply();
  aws.jobs.set('sluice-sample', {});
  const rival = aws.addRun({ JobName: 'sluice-sample', StartedOn: 1767323045 });
  await start();
  const { observed } = await it.waitForState('sample', 'FAILED');
  expect(observed.cause).toMatchObject({
    code: 'LEASE_HELD',
    sentence: `The checkpoint and the output are in use by the run ${rival.Id} of the Glue job sluice-sample, since 2026-01-02T03:04:05.000Z.`,
  });
  expect(aws.runs).toEqual([rival]);
});

async function apply(): Promise<void> {
  const path = '/api/v1/pipelines/sample?target=glue';
  const { status, text } = await it.call('PUT', path, sampleSpec('sample'));
  expect(status, text).toBe(201);
}

async function start() {
  return (await it.call('POST', '/api/v1/pipelines/sample/start')).json;
}
