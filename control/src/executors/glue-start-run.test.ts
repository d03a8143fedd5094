import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type GlueStage,
  openGlueStage,
  sampleJob,
  sampleObject,
} from '../../test/fixtures/glue-stage.ts';

let stage: GlueStage;

beforeEach(async () => {
  stage = await openGlueStage();
});
afterEach(async () => {
  await stage.close();
});

test('a start brings script and job, and gives a handle that says where it runs', async () => {
  const handle = await stage.executor.submit(stage.request);
  expect(handle).toMatchObject({ target: 'glue', runId: 'run-1', jobName: 'sluice-sample' });
  expect(stage.aws.objects.get(sampleObject)?.toString()).toBe(sampleJob);
  expect(stage.aws.runs).toMatchObject([
    { Arguments: { '--run-id': 'run-1', '--generation': '1' } },
  ]);
  expect(await stage.executor.observe(handle)).toEqual({ kind: 'running' });
});

test('a second start of a run starts nothing: the first is adopted', async () => {
  const [one, two] = await Promise.all([
    stage.executor.submit(stage.request),
    stage.executor.submit(stage.request),
  ]);
  expect(await stage.executor.submit(stage.request)).toEqual(one);
  expect(two).toEqual(one);
  expect(stage.starts()).toBe(1);
});

test.each(['answer-lost', { status: 500, name: 'InternalServiceException' }] as const)(
  'after a start that was done and not answered (%j) its run is adopted',
  async (fault) => {
    stage.aws.fail('StartJobRun', 'answer-lost');
    if (fault !== 'answer-lost') stage.aws.fail('GetJobRuns', fault);
    const handle = await stage.executor.submit(stage.request);
    expect(handle).toMatchObject({ jobRunId: stage.run().Id });
    expect(stage.aws.runs).toHaveLength(1);
    expect(stage.starts()).toBe(1);
  },
);

test('a start that never arrived is repeated once, after the run was looked for', async () => {
  stage.aws.fail('StartJobRun', 'request-lost');
  await stage.executor.submit(stage.request);
  expect(stage.aws.runs).toHaveLength(1);
  const between = stage.aws.asked.slice(stage.aws.asked.indexOf('StartJobRun') + 1, -1);
  expect(between.filter((action) => action === 'GetJobRuns').length).toBeGreaterThan(3);
});

test('a run that shows late after a lost answer is adopted when the next start is refused', async () => {
  const busy = { status: 400, name: 'ConcurrentRunsExceededException' };
  stage.aws.fail('StartJobRun', 'request-lost', busy);
  stage.aws.onAsk = () => {
    if (stage.starts() < 2 || stage.aws.asked.at(-1) !== 'GetJobRuns' || stage.aws.runs.length > 0)
      return;
    stage.aws.addRun({ JobName: 'sluice-sample', Arguments: { '--run-id': 'run-1' } });
  };
  const handle = await stage.executor.submit(stage.request);
  expect(handle).toMatchObject({ jobRunId: stage.run().Id });
  expect(stage.starts()).toBe(2);
  expect(stage.aws.runs).toHaveLength(1);
});

test('when no start is answered and no run shows, nobody is told that there is none', async () => {
  stage.aws.fail('StartJobRun', 'request-lost', 'request-lost');
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({
    code: 'GLUE_START_UNSURE',
  });
  expect(stage.starts()).toBe(2);
});

test('while the runs cannot be listed after a lost answer nothing more is started', async () => {
  const broken = { status: 500, name: 'InternalServiceException' };
  stage.aws.fail('StartJobRun', 'answer-lost');
  stage.aws.onAsk = (action) => {
    if (action === 'StartJobRun') stage.aws.fail('GetJobRuns', ...Array(4).fill(broken));
  };
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({
    code: 'AWS_UNREACHABLE',
  });
  stage.aws.fail('GetJobRuns', { status: 400, name: 'AccessDeniedException' });
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({
    code: 'GLUE_START_UNSURE',
  });
  expect(stage.starts()).toBe(1);
  expect(await stage.executor.submit(stage.request)).toMatchObject({ jobRunId: stage.run().Id });
  expect(stage.starts()).toBe(1);
});

test('another run of the job is named, with its start, and nothing is started beside it', async () => {
  const StartedOn = Date.parse('2026-01-02T03:04:05Z') / 1000;
  const JobName = 'sluice-sample';
  const rival = stage.aws.addRun({ JobName, StartedOn, Arguments: { '--run-id': 'run-of-other' } });
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({
    code: 'LEASE_HELD',
    parameters: {
      holder: `the run ${rival.Id} (run-of-other) of the Glue job sluice-sample`,
      since: '2026-01-02T03:04:05.000Z',
    },
  });
  expect(stage.aws.runs).toEqual([rival]);
});

test('a start that AWS asks to slow down is repeated after a while and starts one run', async () => {
  const throttle = { status: 400, name: 'ThrottlingException', message: 'Rate exceeded' };
  stage.aws.fail('StartJobRun', throttle, throttle);
  await stage.executor.submit(stage.request);
  expect(stage.aws.runs).toHaveLength(1);
  expect(stage.starts()).toBe(3);
});

test('a script that came over torn is put again before anything is started', async () => {
  stage.aws.fail('PUTObject', 'torn');
  await stage.executor.submit(stage.request);
  expect(stage.aws.objects.get(sampleObject)?.toString()).toBe(sampleJob);
  expect(stage.aws.asked.indexOf('StartJobRun')).toBeGreaterThan(
    stage.aws.asked.lastIndexOf('PUTObject'),
  );
});

test('a script that stays torn is not run', async () => {
  stage.aws.fail('PUTObject', 'torn', 'torn', 'torn');
  await expect(stage.executor.submit(stage.request)).rejects.toMatchObject({ code: 'SCRIPT_TORN' });
  expect(stage.starts()).toBe(0);
});

test('a job is updated as a whole when somebody has changed it, and only then', async () => {
  await stage.executor.submit(stage.request);
  stage.run().JobRunState = 'STOPPED';
  stage.aws.jobs.set('sluice-sample', { ...stage.aws.jobs.get('sluice-sample'), MaxRetries: 3 });
  await stage.executor.submit({ ...stage.request, runId: 'run-2' });
  expect(stage.aws.jobs.get('sluice-sample')).toMatchObject({ MaxRetries: 0, GlueVersion: '6.0' });
  const updates = () => stage.aws.asked.filter((action) => action === 'UpdateJob').length;
  expect(updates()).toBe(1);
  stage.run().JobRunState = 'STOPPED';
  await stage.executor.submit({ ...stage.request, runId: 'run-3' });
  expect(updates()).toBe(1);
});

test('a job that somebody creates at the same moment is taken over, and becomes as it must be', async () => {
  stage.aws.onAsk = (action) => {
    if (action === 'CreateJob') stage.aws.jobs.set('sluice-sample', { MaxRetries: 7 });
  };
  await stage.executor.submit(stage.request);
  expect(stage.aws.jobs.get('sluice-sample')).toMatchObject({ MaxRetries: 0 });
});
