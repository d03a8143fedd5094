import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../../infra/src/aws-emulator.ts';
import { readRuntime } from '../src/executors/runtime.ts';
import { generateJob } from '../src/generate/generate-job.ts';
import { lintSpec } from '../src/lint/lint-spec.ts';
import { projectRoot } from './architecture/project-files.ts';
import { type FaultyBucketProxy, startFaultyBucketProxy } from './fixtures/faulty-bucket-proxy.ts';
import { TestBucket } from './fixtures/test-bucket.ts';

/* The files of a lease in a bucket, through the client of the real S3A. Whole runs: lease.aws.test.ts. */

const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const bucket = 'lease-cases';
const folder = mkdtempSync(join(tmpdir(), 'sluice-lease-bucket-'));
let emulator: AwsEmulator;
let proxy: FaultyBucketProxy;
let answers: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  emulator = await startAwsEmulator({ folder: join(folder, 'aws'), runtimeFile });
  await new TestBucket(emulator.endpoint, bucket).create();
  proxy = await startFaultyBucketProxy(emulator.endpoint, (path) => {
    return (['lost', 'conflict', 'refused', 'hanging'] as const).find((fault) =>
      path.startsWith(`/${bucket}/${fault}/`),
    );
  });
  answers = await playCases();
}, 180_000);
afterAll(async () => {
  proxy?.close();
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function playCases(): Promise<typeof answers> {
  const spec = 'pipeline: a\nsource: { rate: }\nsink: { csv: { path: data/a } }\n';
  const { pipeline } = lintSpec(spec, { roots: ['/w'], workFolder: '/w' });
  writeFileSync(join(folder, 'job.py'), pipeline === undefined ? '' : generateJob(pipeline).text);
  const { python, java, spark } = readRuntime(runtimeFile);
  const program = join(import.meta.dirname, 'fixtures/bucket_lease_cases.py');
  const words = ['--jars', spark.s3aJars.join(','), '--driver-memory', '512m', 'pyspark-shell'];
  const args = [program, join(folder, 'job.py'), proxy.endpoint, bucket];
  const { stdout } = await promisify(execFile)(python, args, {
    env: {
      ...emulator.environment,
      PATH: [dirname(python), process.env.PATH].join(delimiter),
      JAVA_HOME: java.home ?? dirname(dirname(java.command)),
      SPARK_HOME: spark.home,
      SPARK_LOCAL_IP: '127.0.0.1',
      PYSPARK_SUBMIT_ARGS: words.join(' '),
    },
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

describe('an epoch in a bucket', () => {
  const created = { created: true, holds: { run: 'me' }, exists: [true, false], newest: 1 };

  it('is created once, and refused to the next one', () => {
    expect(answers.plain).toMatchObject({ ...created, rival: false });
  });

  it('belongs to the one that wrote it, though the answer was lost and the PUT sent again', () => {
    expect(proxy.faults.get('lost')).toBeGreaterThan(1);
    expect(answers.lost).toMatchObject({ ...created, rival: false });
  });

  it('belongs to the one that wrote it, though its PUT was never answered', () => {
    expect(answers.hanging).toMatchObject(created);
    expect(answers.hanging).toMatchObject({ seconds: expect.closeTo(4, 0) });
  });

  it('is asked for again when another PUT of it is under way', () => {
    expect(proxy.faults.get('conflict')).toBe(2);
    expect(answers.conflict).toMatchObject(created);
  });

  it('is nobody’s when S3 refuses to write it, which is an error and no rival', () => {
    expect(answers.refused).toMatchObject({ created: 'OSError', holds: {}, newest: 0 });
  });

  it('has one creator among eight that try at once', () => {
    expect(answers['winners of each epoch']).toEqual([1]);
  });

  it('is the newest by its number, and goes when it is old enough', () => {
    expect(answers['newest of several']).toBe(10);
    expect(answers['left after forgetting']).toEqual(['epoch-10']);
  });
});
