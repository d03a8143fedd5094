import { expect, test } from 'vitest';
import { changeSpec } from '../../test/fixtures/good-spec.ts';
import { generateJob } from '../generate/generate-job.ts';
import { lintSpec } from '../lint/lint-spec.ts';
import type { Target } from '../target.ts';
import { planRun } from './plan-run.ts';

test('a relative path of a spec starts at the work folder of the target', () => {
  const local = plan('data/rows', { target: 'local', workFolder: '/work' });
  expect(local.generation?.parts).toBe('/work/data/rows/generation-1/parts');
  expect(local.intent.controlFolder).toBe('/work/data/rows/generation-1/control/run-1');
  const glue = plan('data/rows', { target: 'glue', workFolder: 's3a://rows/of/mine/' });
  const root = 's3://rows/of/mine/data/rows/generation-1';
  expect(glue.generation).toEqual({
    parts: `${root}/parts`,
    checkpoint: `${root}/checkpoint`,
    lease: `${root}/lease`,
  });
  expect(glue.intent.controlFolder).toBe(`${root}/control/run-1`);
});

test('a run with a path in a bucket needs object storage, and its folders there are not made', () => {
  const inBucket = plan('s3://rows/events', { target: 'local', workFolder: '/work' });
  expect(requestOf(inBucket)).toMatchObject({
    objectStorage: true,
    runFolder: '/state/runs/run-1',
  });
  expect(inBucket.launch[0]).toEqual({ do: 'make-folders', folders: ['/state/runs/run-1'] });
  const onDisk = plan('data/rows', { target: 'standalone', workFolder: '/work' });
  expect(requestOf(onDisk)?.objectStorage).toBe(false);
  const onGlue = plan('data/rows', { target: 'glue', workFolder: 's3://rows' });
  expect(requestOf(onGlue)?.objectStorage).toBe(true);
});

test('a job on AWS Glue with a path of this machine is refused by the name of its field', () => {
  expect(() => plan('/work/events', { target: 'glue', workFolder: 's3://rows' })).toThrow(
    'sink.csv.path leads to /work/events, a place of this machine',
  );
  expect(() => plan('/work/events', { target: 'standalone', workFolder: '/work' })).not.toThrow();
});

test('an address that leads to where a relative path starts in a bucket is refused', () => {
  const merged = 's3a://rows/work/data/rows/all.csv';
  const glue = { target: 'glue', workFolder: 's3://rows/work', merged } as const;
  expect(() => plan('data/rows', glue)).toThrow(
    'merge.into is "s3://rows/work/data/rows/all.csv", which is the same as, or lies inside or around, sink ("data/rows")',
  );
  expect(() => plan('data/rows', { ...glue, workFolder: 's3://rows/other' })).not.toThrow();
  expect(() => plan('data/rows', { target: 'local', workFolder: '/work', merged })).not.toThrow();
});

interface PlannedAt {
  readonly target: Target;
  readonly workFolder: string;
  readonly merged?: string;
}

function plan(sinkPath: string, at: PlannedAt) {
  const text = changeSpec('data/events }', `${sinkPath} }`).replace(
    'data/events.csv',
    at.merged ?? 'data/events.csv',
  );
  const { pipeline } = lintSpec(text, { roots: ['/work'], workFolder: '/work' });
  if (pipeline === undefined) throw new Error(`lint refuses ${sinkPath}`);
  return planRun({
    ...{ runId: 'run-1', target: at.target, generation: 1, pipeline, job: generateJob(pipeline) },
    folders: { stateFolder: '/state', workFolder: at.workFolder },
    environment: {},
  });
}

function requestOf({ launch }: ReturnType<typeof plan>) {
  return launch.flatMap((step) => (step.do === 'start-driver' ? [step.request] : []))[0];
}
