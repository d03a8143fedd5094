import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type GlueStage, openGlueStage } from '../../test/fixtures/glue-stage.ts';

let stage: GlueStage;

beforeEach(async () => {
  stage = await openGlueStage();
});
afterEach(async () => {
  vi.useRealTimers();
  await stage.close();
});

test('a run is found again by its run id on whatever page AWS lists it', async () => {
  const handle = await stage.executor.submit(stage.request);
  const JobName = 'sluice-sample';
  for (let count = 0; count < 7; count += 1) stage.aws.addRun({ JobName, JobRunState: 'STOPPED' });
  expect(await stage.executor.find('run-1', stage.folder)).toEqual(handle);
  expect(await stage.executor.find('run-2', stage.folder)).toBeUndefined();
});

test('a run that was started just now and does not show yet is waited for', async () => {
  stage.aws.fail('StartJobRun', 'request-lost', 'request-lost');
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({
    code: 'GLUE_START_UNSURE',
  });
  await writeFile(
    join(stage.folder, 'glue-start.json'),
    JSON.stringify({ jobName: 'sluice-sample', at: new Date().toISOString() }),
  );
  const before = stage.aws.asked.length;
  stage.aws.onAsk = () => {
    if (stage.aws.asked.length !== before + 3) return;
    stage.aws.addRun({ JobName: 'sluice-sample', Arguments: { '--run-id': 'run-1' } });
  };
  expect(await stage.executor.find('run-1', stage.folder)).toMatchObject({ runId: 'run-1' });
});

test('a run that was never about to be started is found by no question to AWS', async () => {
  expect(await stage.executor.find('run-1', stage.folder)).toBeUndefined();
  expect(stage.aws.asked).toEqual([]);
});

test.each(['_restart_1', '_attempt_1'])(
  'the run that follows as %s is followed',
  async (ending) => {
    const handle = await stage.executor.submit(stage.request);
    const [first] = stage.aws.runs;
    if (!first) throw new Error('no run');
    first.JobRunState = ending === '_restart_1' ? 'EXPIRED' : 'FAILED';
    const followed = stage.aws.addRun({
      ...first,
      JobRunState: 'RUNNING',
      Id: `${first.Id}${ending}`,
    });
    expect(await stage.executor.observe(handle)).toEqual({
      kind: 'running',
      handle: { ...handle, jobRunId: followed.Id },
    });
  },
);

test('a kill may be repeated, also when the run has ended', async () => {
  const handle = await stage.executor.submit(stage.request);
  await stage.executor.kill(handle, 'terminate');
  await stage.executor.kill(handle, 'force');
  expect(stage.run().JobRunState).toBe('STOPPING');
  stage.run().JobRunState = 'STOPPED';
  await stage.executor.kill(handle, 'force');
  expect(await stage.executor.observe(handle)).toMatchObject({ kind: 'stopped' });
});

test('a run that AWS will not stop is said, though the answer to the call is a good one', async () => {
  const handle = await stage.executor.submit(stage.request);
  stage.run().JobRunState = 'HIBERNATING';
  await expect(stage.executor.kill(handle, 'force')).rejects.toMatchObject({
    code: 'GLUE_STOP_REFUSED',
    parameters: { problem: 'InvalidInputException It has ended' },
  });
});

test('throttling is waited out, and what does not end is unreachable, not gone', async () => {
  const handle = await stage.executor.submit(stage.request);
  const throttle = { status: 400, name: 'ThrottlingException', message: 'Rate exceeded' };
  stage.aws.fail('GetJobRun', throttle, throttle);
  expect(await stage.executor.observe(handle)).toEqual({ kind: 'running' });
  stage.aws.fail('GetJobRun', throttle, throttle, throttle, throttle);
  expect(await stage.executor.observe(handle)).toMatchObject({
    kind: 'unreachable',
    cause: { code: 'AWS_THROTTLED' },
  });
});

test('a run that AWS does not know is gone, one that cannot be asked for is unreachable', async () => {
  const handle = await stage.executor.submit(stage.request);
  const lost = { status: 500, name: 'InternalServiceException', message: 'Sorry.' };
  stage.aws.fail('GetJobRun', lost, lost, lost, lost);
  expect(await stage.executor.observe(handle)).toMatchObject({
    kind: 'unreachable',
    cause: { code: 'AWS_UNREACHABLE' },
  });
  stage.aws.runs.length = 0;
  expect(await stage.executor.observe(handle)).toMatchObject({ kind: 'gone' });
});

test('expired credentials start and end nothing, and new ones in the profile are taken', async () => {
  const profile = join(stage.folder, 'credentials');
  const writeKey = (key: string) =>
    writeFile(profile, `[default]\naws_access_key_id=${key}\naws_secret_access_key=secret\n`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  process.env.AWS_SHARED_CREDENTIALS_FILE = profile;
  await writeKey('first');
  const handle = await stage.executor.submit(stage.request);
  stage.aws.goodKey = 'second';
  const refused = { code: 'AWS_CREDENTIALS_REFUSED' };
  expect(await stage.executor.observe(handle)).toMatchObject({
    kind: 'unreachable',
    cause: refused,
  });
  await expect(stage.executor.submit({ ...stage.request, runId: 'run-2' })).rejects.toMatchObject(
    refused,
  );
  expect(stage.starts()).toBe(1);
  await writeKey('second');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  expect(await stage.executor.observe(handle)).toEqual({ kind: 'running' });
});

test('without credentials nothing is asked of AWS, and the reason is said', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(stage.folder, 'none');
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({
    code: 'AWS_CREDENTIALS_MISSING',
  });
  expect(stage.aws.asked).toEqual([]);
});

test('the log is one text of both outputs, in the order in which it arrived', async () => {
  const handle = await stage.executor.submit(stage.request);
  expect(await stage.executor.readLog(handle, 0, 10)).toEqual({ from: 0, total: 0, lines: [] });
  const event = (message: string, ingestionTime: number) => ({ message, ingestionTime });
  const id = stage.run().Id;
  stage.aws.logs.set(`/aws-glue/jobs/error:${id}`, [event('two\nthree', 2), event('five', 9)]);
  stage.aws.logs.set(`/aws-glue/jobs/output:${id}`, [
    event('one\n', 1),
    event('four', 3),
    event('six', 10),
  ]);
  stage.aws.fail('GetLogEvents', { status: 400, name: 'AccessDeniedException' });
  await expect(stage.executor.readLog(handle, 1, 3)).rejects.toThrow(
    /^CloudWatch Logs denies access to .aws-glue.jobs.(error|output)/,
  );
  expect(await stage.executor.readLog(handle, 1, 3)).toEqual({
    from: 1,
    total: 6,
    lines: ['two', 'three', 'four'],
  });
});
