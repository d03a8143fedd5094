import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../../infra/src/aws-emulator.ts';
import { generateJob } from '../src/generate/generate-job.ts';
import { bucketPace } from '../src/lease/lease-files.ts';
import { lintSpec } from '../src/lint/lint-spec.ts';
import { projectRoot } from './architecture/project-files.ts';
import { type BareRun, exitOfRun, signalRun, startBareRun } from './fixtures/bare-run.ts';
import { type FaultyBucketProxy, startFaultyBucketProxy } from './fixtures/faulty-bucket-proxy.ts';
import { TestBucket } from './fixtures/test-bucket.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/*
 * Runs by bare spark-submit that want one checkpoint in S3, with the real Spark and S3A. The steps build on each other.
 * What a lease does on disks, and what the service says to it: lease.spark.test.ts.
 */

const spec = `pipeline: ticks
source: { rate: { rows-per-second: 20 } }
sink: { csv: { path: ticks } }
trigger: 1 second
`;
const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const generation = 'work/ticks/generation-1';
const slow = 120_000;

describe('one checkpoint in a bucket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-lease-aws-'));
  const runs: BareRun[] = [];
  let emulator: AwsEmulator;
  let proxy: FaultyBucketProxy;
  let bucket: TestBucket;

  beforeAll(async () => {
    emulator = await startAwsEmulator({ folder: join(folder, 'aws'), runtimeFile });
    proxy = await startFaultyBucketProxy(emulator.endpoint, () => 'lost');
    bucket = new TestBucket(emulator.endpoint, 'lease');
    await bucket.create();
    const { pipeline } = lintSpec(spec, { roots: ['/w'], workFolder: '/w' });
    writeFileSync(join(folder, 'job.py'), pipeline === undefined ? '' : generateJob(pipeline).text);
  });
  afterAll(async () => {
    for (const run of runs) signalRun(run, 'SIGKILL');
    proxy?.close();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is used by the run that came first, which names itself beside it', async () => {
    await startAndCommit('first');
    expect(await owner(1)).toMatchObject({ run: 'first', pipeline: 'ticks' });
    const alive = JSON.parse((await bucket.read('control/first/alive.json')) ?? '');
    expect(alive).toMatchObject({
      phase: 'running',
      applicationId: expect.stringMatching(/^local-/),
    });
  });

  it('is refused to the next, by the name of the first and since when, and the first goes on', async () => {
    const second = start('second');
    expect(await exitOfRun(second)).toBe(77);
    const { since } = await owner(1);
    expect(second.log()).toMatch(
      /refused: the checkpoint is in use by first of ticks, process \d+/,
    );
    expect(second.log()).toContain(since);
    expect(await endOf('second')).toMatchObject({ outcome: 'refused', condition: 'LEASE_HELD' });
    const batch = await batchOf('first');
    await waitUntil('more batches', async () => (await batchOf('first')) > batch, slow);
  });

  it('is taken over at once when its owner was killed with -9, though the answer to it was lost', async () => {
    signalRun(find('first'), 'SIGKILL');
    await exitOfRun(find('first'));
    await startAndCommit('third', proxy.endpoint);
    expect(await owner(2)).toMatchObject({ run: 'third' });
    expect(proxy.faults.get('lost')).toBeGreaterThan(1);
  });

  it('is taken over from a paused run after the term, and that run ends itself when it wakes', async () => {
    const third = find('third');
    signalRun(third, 'SIGSTOP');
    await waitUntil('a beat older than the term', () => isSilent(2), slow);
    await startAndCommit('fourth');
    expect(await owner(3)).toMatchObject({ run: 'fourth' });
    signalRun(third, 'SIGCONT');
    expect(await exitOfRun(third)).toBe(76);
    expect(third.log()).toContain(
      'fenced: this run lost its lease; now it belongs to fourth of ticks',
    );
    expect(await endOf('third')).toMatchObject({ outcome: 'fenced', condition: 'FENCED' });
  });

  it('is let go by a run that is stopped, and every row was committed once', async () => {
    await bucket.write('control/fourth/stop', '{}');
    expect(await exitOfRun(find('fourth'))).toBe(0);
    expect(await endOf('fourth')).toMatchObject({ outcome: 'stopped' });
    expect(await bucket.read(`${generation}/lease/beat-3`)).toBe('{"released": true}');
    const values = (await committedValues()).toSorted((a, b) => a - b);
    expect(values.length).toBeGreaterThan(100);
    expect(values).toEqual(values.map((_, place) => place));
  });

  /** Starts a run and waits until it has committed a batch. */
  async function startAndCommit(id: string, endpoint = emulator.endpoint): Promise<void> {
    const run = start(id, endpoint);
    const committed = async () => {
      if (run.process.exitCode !== null) throw new Error(run.log());
      return (await batchOf(id)) >= 0;
    };
    await waitUntil(`a batch of ${id}`, committed, slow);
  }

  function start(id: string, endpoint = emulator.endpoint): BareRun {
    const place = { folder, bucket: 'lease', endpoint };
    const run = startBareRun({ id, ...place, args: ['--folder', 's3://lease/work'] });
    runs.push(run);
    return run;
  }

  function find(id: string): BareRun {
    const run = runs.find((each) => each.id === id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run;
  }

  async function batchOf(id: string): Promise<number> {
    return JSON.parse((await bucket.read(`control/${id}/progress.json`)) ?? '{"batch":-1}').batch;
  }

  async function endOf(id: string) {
    return JSON.parse((await bucket.read(`control/${id}/end.json`)) ?? '{}');
  }

  async function owner(epoch: number) {
    return JSON.parse((await bucket.read(`${generation}/lease/epoch-${epoch}`)) ?? '{}');
  }

  async function isSilent(epoch: number): Promise<boolean> {
    const { clock } = JSON.parse((await bucket.read(`${generation}/lease/beat-${epoch}`)) ?? '{}');
    return Number(process.hrtime.bigint()) / 1e6 - clock * 1000 > bucketPace.termMs;
  }

  /** The numbers in the rows of all parts that the sink log names. */
  async function committedValues(): Promise<readonly number[]> {
    const names = await bucket.list(`${generation}/parts/_spark_metadata/`);
    const logs = names.filter((name) => /\/\d+(\.compact)?$/.test(name));
    const entries = await Promise.all(logs.map((name) => bucket.read(name)));
    const lines = entries.flatMap((text) => text?.split('\n').slice(1) ?? []);
    const paths = new Set(lines.map((line) => decodeURI(JSON.parse(line).path)));
    const keys = Array.from(paths, (path) => path.replace('s3a://lease/', ''));
    const parts = await Promise.all(keys.map((key) => bucket.read(key)));
    const rows = parts.flatMap((part) => part?.split('\n').filter((row) => row !== '') ?? []);
    return rows.map((row) => Number(row.split(',')[1]));
  }
});
