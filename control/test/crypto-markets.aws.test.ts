import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../../infra/src/aws-emulator.ts';
import { projectRoot } from './architecture/project-files.ts';
import { type BareRun, exitOfRun, signalRun, startBareRun } from './fixtures/bare-run.ts';
import { TestBucket } from './fixtures/test-bucket.ts';

/* The committed job of crypto-markets with everything in S3, by bare spark-submit, as AWS Glue would call it. */

const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const megabyte = 1024 * 1024;
/** Objects that give no row. Of the empty one Spark sees nothing; each other must be named in the dead letters. */
const broken: Readonly<Record<string, string | Uint8Array>> = {
  'empty.json': '',
  'object.json': '{}',
  'html.json': '<html>busy</html>',
  'torn.json': '{"results":[{"id":"torn","current_price":1},{"id":"to',
  'huge.json': new Uint8Array(100 * megabyte).fill(0x78),
};
const glue = ['--JOB_NAME', 'crypto', '--TempDir', 's3://crypto/tmp', '--enable-metrics', 'true'];

describe('the job of crypto-markets in a bucket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-crypto-aws-'));
  const runs: BareRun[] = [];
  let emulator: AwsEmulator;
  let bucket: TestBucket;

  beforeAll(async () => {
    emulator = await startAwsEmulator({ folder: join(folder, 'aws'), runtimeFile });
    bucket = new TestBucket(emulator.endpoint, 'crypto');
    await bucket.create();
    for (const [name, content] of Object.entries(broken)) {
      await bucket.write(`work/finance/${name}`, content);
    }
    const good = readFileSync(join(import.meta.dirname, 'fixtures/coin-markets-1.json'));
    await bucket.write('work/finance/crypto_20261124100000.json', good);
    const job = join(projectRoot, 'spark-jobs/generated/crypto_markets.py');
    copyFileSync(job, join(folder, 'job.py'));
  }, 120_000);
  afterAll(async () => {
    for (const run of runs) signalRun(run, 'SIGKILL');
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('drains the objects of the folder that it is given, one of 100 MB among them, with 1 GB', async () => {
    const run = start('drain', 'crypto', 's3://crypto/work');
    expect(await exitOfRun(run), run.log()).toBe(0);
    expect(await report('drain', 'end')).toMatchObject({ outcome: 'finished' });
    const { totals } = await report('drain', 'progress');
    expect(totals).toEqual({ batches: 1, inputRows: 5, rows: 8, deadLetters: 4 });
  });

  it('names each object that it could not read, and keeps the value of those that it did read', async () => {
    const lines = await linesOf('dead-letter');
    const dead = lines.map((line) => {
      const { path, reason, size, value } = JSON.parse(line);
      return `${path.replace('s3a://crypto/work/finance/', '')} ${size} ${reason}: ${value}`;
    });
    expect(dead.toSorted()).toEqual([
      'html.json 17 not a JSON object: <html>busy</html>',
      `huge.json ${100 * megabyte} larger than ${10 * megabyte} bytes: undefined`,
      'object.json 2 required field results is missing: {}',
      `torn.json 53 not a JSON object: ${broken['torn.json']}`,
    ]);
    expect(await linesOf('row')).toHaveLength(8);
  });

  it('ends with S3’s own words in its log when the bucket is missing, control folder and all', async () => {
    const run = start('lost', 'no-such-bucket', 's3://no-such-bucket/work');
    expect(await exitOfRun(run)).toBe(1);
    const failed = run.log().match(/^failed: .*$/m)?.[0];
    expect(failed).toContain('NoSuchBucket');
    expect(failed).toContain('s3://no-such-bucket/work');
  });

  function start(id: string, control: string, work: string): BareRun {
    const args = [...glue, '--folder', work, '--available-now'];
    const run = startBareRun({ id, folder, bucket: control, endpoint: emulator.endpoint, args });
    runs.push(run);
    return run;
  }

  async function report(id: string, name: string) {
    return JSON.parse((await bucket.read(`control/${id}/${name}.json`)) ?? '{}');
  }

  async function linesOf(outcome: string): Promise<readonly string[]> {
    const generation = 'work/output/crypto-markets/generation-1';
    const keys = await bucket.list(`${generation}/parts/outcome=${outcome}/`);
    const texts = await Promise.all(keys.map((key) => bucket.read(key)));
    return texts.flatMap((text) => text?.split('\n').filter((line) => line !== '') ?? []);
  }
});
