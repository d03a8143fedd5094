import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AwsStandIn } from '../../test/fixtures/aws-stand-in.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { DriverRequest, Executor } from './executor.ts';
import { openGlueClients } from './glue-clients.ts';
import { glueExecutor } from './glue-executor.ts';
import { scriptPlace } from './upload-script.ts';

const job = 'print("sample")\n';
const script = scriptPlace('s3://bucket/work', 'sample', Buffer.from(job));
const object = script.replace('s3:/', '');
const stray = new Map(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_')));

let aws: AwsStandIn;
let folder: string;
let executor: Executor;
let request: DriverRequest;

beforeEach(async () => {
  for (const name of stray.keys()) delete process.env[name];
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'first', AWS_SECRET_ACCESS_KEY: 'secret' });
  folder = mkdtempSync(join(tmpdir(), 'sluice-glue-'));
  await writeFile(join(folder, 'job.py'), job);
  aws = new AwsStandIn();
  const settings = { region: 'us-east-1', endpoint: await aws.open() };
  executor = openExecutor(settings);
  request = {
    ...{ runId: 'run-1', pipeline: 'sample', target: 'glue', objectStorage: true, generation: 1 },
    jobFile: join(folder, 'job.py'),
    runFolder: folder,
    controlFolder: 's3://bucket/work/out/generation-1/control/run-1',
    workFolder: 's3://bucket/work',
    environment: {},
  };
});

afterEach(async () => {
  vi.useRealTimers();
  await aws.close();
  await rm(folder, { recursive: true, force: true });
  for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_EC2_METADATA_DISABLED']) {
    delete process.env[name];
  }
  for (const [name, value] of stray) process.env[name] = value;
});

function openExecutor(settings: { region: string; endpoint: string }): Executor {
  return glueExecutor({
    clients: openGlueClients(settings),
    storage: openStorage(settings),
    settings: { region: settings.region, role: 'sluice-job' },
    patience: { settleMs: 300, pauseMs: 20, restartMs: 60_000 },
    now: () => new Date(),
  });
}

const starts = () => aws.asked.filter((action) => action === 'StartJobRun').length;

test('a start brings script and job, and gives a handle that says where it runs', async () => {
  const handle = await executor.submit(request);
  expect(handle).toMatchObject({ target: 'glue', runId: 'run-1', jobName: 'sluice-sample' });
  expect(aws.objects.get(object)?.toString()).toBe(job);
  expect(aws.runs).toMatchObject([{ Arguments: { '--run-id': 'run-1', '--generation': '1' } }]);
  expect(await executor.observe(handle)).toEqual({ kind: 'running' });
});

test('a second start of a run starts nothing: the first is adopted', async () => {
  const [one, two] = await Promise.all([executor.submit(request), executor.submit(request)]);
  expect(await executor.submit(request)).toEqual(one);
  expect(two).toEqual(one);
  expect(starts()).toBe(1);
});

test.each(['answer-lost', { status: 500, name: 'InternalServiceException' }] as const)(
  'after a start that was done and not answered (%j) its run is adopted',
  async (fault) => {
    aws.fail('StartJobRun', 'answer-lost');
    if (fault !== 'answer-lost') aws.fail('GetJobRuns', fault);
    const handle = await executor.submit(request);
    expect(handle).toMatchObject({ jobRunId: aws.runs[0]?.Id });
    expect(aws.runs).toHaveLength(1);
    expect(starts()).toBe(1);
  },
);

test('a start that never arrived is repeated once, after the run was looked for', async () => {
  aws.fail('StartJobRun', 'request-lost');
  await executor.submit(request);
  expect(aws.runs).toHaveLength(1);
  const between = aws.asked.slice(aws.asked.indexOf('StartJobRun') + 1, -1);
  expect(between.filter((action) => action === 'GetJobRuns').length).toBeGreaterThan(3);
});

test('a run that shows late after a lost answer is adopted when the next start is refused', async () => {
  const busy = { status: 400, name: 'ConcurrentRunsExceededException' };
  aws.fail('StartJobRun', 'request-lost', busy);
  aws.onAsk = () => {
    if (starts() < 2 || aws.asked.at(-1) !== 'GetJobRuns' || aws.runs.length > 0) return;
    aws.addRun({ JobName: 'sluice-sample', Arguments: { '--run-id': 'run-1' } });
  };
  const handle = await executor.submit(request);
  expect(handle).toMatchObject({ jobRunId: aws.runs[0]?.Id });
  expect(starts()).toBe(2);
  expect(aws.runs).toHaveLength(1);
});

test('when no start is answered and no run shows, nobody is told that there is none', async () => {
  aws.fail('StartJobRun', 'request-lost', 'request-lost');
  await expect(executor.submit(request)).rejects.toMatchObject({ code: 'GLUE_START_UNSURE' });
  expect(starts()).toBe(2);
});

test('while the runs cannot be listed after a lost answer nothing more is started', async () => {
  const broken = { status: 500, name: 'InternalServiceException' };
  aws.fail('StartJobRun', 'answer-lost');
  aws.onAsk = (action) => {
    if (action === 'StartJobRun') aws.fail('GetJobRuns', ...Array(4).fill(broken));
  };
  await expect(executor.submit(request)).rejects.toMatchObject({ code: 'AWS_UNREACHABLE' });
  aws.fail('GetJobRuns', { status: 400, name: 'AccessDeniedException' });
  await expect(executor.submit(request)).rejects.toMatchObject({ code: 'GLUE_START_UNSURE' });
  expect(starts()).toBe(1);
  expect(await executor.submit(request)).toMatchObject({ jobRunId: aws.runs[0]?.Id });
  expect(starts()).toBe(1);
});

test('another run of the job is named, with its start, and nothing is started beside it', async () => {
  const StartedOn = Date.parse('2026-01-02T03:04:05Z') / 1000;
  const JobName = 'sluice-sample';
  const rival = aws.addRun({ JobName, StartedOn, Arguments: { '--run-id': 'run-of-other' } });
  await expect(executor.submit(request)).rejects.toMatchObject({
    code: 'LEASE_HELD',
    parameters: {
      holder: `the run ${rival.Id} (run-of-other) of the Glue job sluice-sample`,
      since: '2026-01-02T03:04:05.000Z',
    },
  });
  expect(aws.runs).toEqual([rival]);
});

test('a start that AWS asks to slow down is repeated after a while and starts one run', async () => {
  const throttle = { status: 400, name: 'ThrottlingException', message: 'Rate exceeded' };
  aws.fail('StartJobRun', throttle, throttle);
  await executor.submit(request);
  expect(aws.runs).toHaveLength(1);
  expect(starts()).toBe(3);
});

test('a script that came over torn is put again before anything is started', async () => {
  aws.fail('PUTObject', 'torn');
  await executor.submit(request);
  expect(aws.objects.get(object)?.toString()).toBe(job);
  expect(aws.asked.indexOf('StartJobRun')).toBeGreaterThan(aws.asked.lastIndexOf('PUTObject'));
});

test('a script that stays torn is not run', async () => {
  aws.fail('PUTObject', 'torn', 'torn', 'torn');
  await expect(executor.submit(request)).rejects.toMatchObject({ code: 'SCRIPT_TORN' });
  expect(starts()).toBe(0);
});

test('a job is updated as a whole when somebody has changed it, and only then', async () => {
  await executor.submit(request);
  const [first] = aws.runs;
  if (first) first.JobRunState = 'STOPPED';
  aws.jobs.set('sluice-sample', { ...aws.jobs.get('sluice-sample'), MaxRetries: 3 });
  await executor.submit({ ...request, runId: 'run-2' });
  expect(aws.jobs.get('sluice-sample')).toMatchObject({ MaxRetries: 0, GlueVersion: '6.0' });
  const updates = () => aws.asked.filter((action) => action === 'UpdateJob').length;
  expect(updates()).toBe(1);
  if (aws.runs[0]) aws.runs[0].JobRunState = 'STOPPED';
  await executor.submit({ ...request, runId: 'run-3' });
  expect(updates()).toBe(1);
});

test('a run is found again by its run id on whatever page AWS lists it', async () => {
  const handle = await executor.submit(request);
  const JobName = 'sluice-sample';
  for (let count = 0; count < 7; count += 1) aws.addRun({ JobName, JobRunState: 'STOPPED' });
  expect(await executor.find('run-1', folder)).toEqual(handle);
  expect(await executor.find('run-2', folder)).toBeUndefined();
});

test('a run that was started just now and does not show yet is waited for', async () => {
  aws.fail('StartJobRun', 'request-lost', 'request-lost');
  await expect(executor.submit(request)).rejects.toMatchObject({ code: 'GLUE_START_UNSURE' });
  await writeFile(
    join(folder, 'glue-start.json'),
    JSON.stringify({ jobName: 'sluice-sample', at: new Date().toISOString() }),
  );
  const before = aws.asked.length;
  aws.onAsk = () => {
    if (aws.asked.length !== before + 3) return;
    aws.addRun({ JobName: 'sluice-sample', Arguments: { '--run-id': 'run-1' } });
  };
  expect(await executor.find('run-1', folder)).toMatchObject({ runId: 'run-1' });
});

test('a run that was never about to be started is found by no question to AWS', async () => {
  expect(await executor.find('run-1', folder)).toBeUndefined();
  expect(aws.asked).toEqual([]);
});

test.each(['_restart_1', '_attempt_1'])(
  'the run that follows as %s is followed',
  async (ending) => {
    const handle = await executor.submit(request);
    const [first] = aws.runs;
    if (!first) throw new Error('no run');
    first.JobRunState = ending === '_restart_1' ? 'EXPIRED' : 'FAILED';
    const followed = aws.addRun({ ...first, JobRunState: 'RUNNING', Id: `${first.Id}${ending}` });
    expect(await executor.observe(handle)).toEqual({
      kind: 'running',
      handle: { ...handle, jobRunId: followed.Id },
    });
  },
);

test('a kill may be repeated, also when the run has ended', async () => {
  const handle = await executor.submit(request);
  await executor.kill(handle, 'terminate');
  await executor.kill(handle, 'force');
  expect(aws.runs[0]?.JobRunState).toBe('STOPPING');
  if (aws.runs[0]) aws.runs[0].JobRunState = 'STOPPED';
  await executor.kill(handle, 'force');
  expect(await executor.observe(handle)).toMatchObject({ kind: 'stopped' });
});

test('a run that AWS will not stop is said, though the answer to the call is a good one', async () => {
  const handle = await executor.submit(request);
  if (aws.runs[0]) aws.runs[0].JobRunState = 'HIBERNATING';
  await expect(executor.kill(handle, 'force')).rejects.toMatchObject({
    code: 'GLUE_STOP_REFUSED',
    parameters: { problem: 'InvalidInputException It has ended' },
  });
});

test('a run that AWS does not know is gone, one that cannot be asked for is unreachable', async () => {
  const handle = await executor.submit(request);
  const lost = { status: 500, name: 'InternalServiceException', message: 'Sorry.' };
  aws.fail('GetJobRun', lost, lost, lost, lost);
  expect(await executor.observe(handle)).toMatchObject({
    kind: 'unreachable',
    cause: { code: 'AWS_UNREACHABLE' },
  });
  aws.runs.length = 0;
  expect(await executor.observe(handle)).toMatchObject({ kind: 'gone' });
});

test('expired credentials start and end nothing, and new ones in the profile are taken', async () => {
  const profile = join(folder, 'credentials');
  const writeKey = (key: string) =>
    writeFile(profile, `[default]\naws_access_key_id=${key}\naws_secret_access_key=secret\n`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  process.env.AWS_SHARED_CREDENTIALS_FILE = profile;
  await writeKey('first');
  const handle = await executor.submit(request);
  aws.goodKey = 'second';
  const refused = { code: 'AWS_CREDENTIALS_REFUSED' };
  expect(await executor.observe(handle)).toMatchObject({ kind: 'unreachable', cause: refused });
  await expect(executor.submit({ ...request, runId: 'run-2' })).rejects.toMatchObject(refused);
  expect(starts()).toBe(1);
  await writeKey('second');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  expect(await executor.observe(handle)).toEqual({ kind: 'running' });
});

test('without credentials nothing is asked of AWS, and the reason is said', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'none');
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  await expect(executor.submit(request)).rejects.toMatchObject({
    code: 'AWS_CREDENTIALS_MISSING',
  });
  expect(aws.asked).toEqual([]);
});

test('the log is one text of both outputs, in the order in which it arrived', async () => {
  const handle = await executor.submit(request);
  expect(await executor.readLog(handle, 0, 10)).toEqual({ from: 0, total: 0, lines: [] });
  const event = (message: string, ingestionTime: number) => ({ message, ingestionTime });
  const id = aws.runs[0]?.Id;
  aws.logs.set(`/aws-glue/jobs/error:${id}`, [event('two\nthree', 2), event('five', 9)]);
  aws.logs.set(`/aws-glue/jobs/output:${id}`, [
    event('one\n', 1),
    event('four', 3),
    event('six', 10),
  ]);
  expect(await executor.readLog(handle, 1, 3)).toEqual({
    from: 1,
    total: 6,
    lines: ['two', 'three', 'four'],
  });
});
