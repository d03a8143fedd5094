import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStorage } from '../src/storage/open-storage.ts';
import { projectRoot } from './architecture/project-files.ts';
import { BucketStage } from './fixtures/bucket-stage.ts';
import type { TestService } from './fixtures/test-service.ts';
import { waitUntil } from './fixtures/wait-until.ts';

const name = 'crypto-markets';
const url = `/api/v1/pipelines/${name}`;
const minute = 60_000;
let folder: string;
let stage: BucketStage;
let service: TestService;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-buckets-'));
  stage = await BucketStage.open(join(folder, 'emulator'));
  await putSnapshot(1);
  service = await stage.openService();
  expect((await service.call('PUT', url, specIn(stage.bucket))).status).toBe(201);
}, 2 * minute);
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
}, minute);

test('small files of a bucket are listed, read, replaced and missed as on a disk', async () => {
  const storage = openStorage(stage.aws);
  const root = `s3://${stage.bucket}/small`;
  await storage.replace(`${root}/a/one`, 'first');
  await storage.replace(`s3a://${stage.bucket}/small/a/one`, 'second');
  await storage.replace(`${root}/b`, '');
  expect((await storage.list(root)).toSorted()).toEqual(['a', 'b']);
  expect((await storage.read(`${root}/a/one`, 3))?.toString()).toBe('sec');
  expect(await storage.read(`${root}/b`, 10)).toHaveLength(0);
  expect(await storage.exists(`${root}/b`)).toBe(true);
  expect(await storage.exists(`${root}/a`)).toBe(false);
  expect(await storage.read(`${root}/c`, 10)).toBeUndefined();
  expect(await storage.list(`${root}/c`)).toEqual([]);
  await expect(storage.list('s3://sluice-nothing/x')).rejects.toThrow('does not exist');
});

test('a start on a bucket that does not exist is refused by its name', async () => {
  const spec = specIn('sluice-nothing').replace(/^pipeline: .*$/m, 'pipeline: elsewhere');
  await service.call('PUT', '/api/v1/pipelines/elsewhere', spec);
  const answer = await service.call('POST', '/api/v1/pipelines/elsewhere/start');
  expect(answer).toMatchObject({ status: 409, json: { code: 'BUCKET_MISSING' } });
  expect(answer.json.detail).toContain('sluice-nothing');
});

test(
  'crypto-markets from a bucket to a bucket on this machine: rows, signs, a rival, an outage, a stop by marker',
  async () => {
    const run = await stage.start(service, name);
    const first = await waitForRows(8);
    expect(first.observed.state).toBe('RUNNING');
    await putSnapshot(2);
    await waitForRows(9);
    expect(await countRows()).toBe(9);

    if (process.platform === 'linux') expect(stage.argumentsOf(run)).not.toEqual([]);

    const rival = await stage.openService();
    await rival.call('PUT', url, specIn(stage.bucket).replace('s3://', 's3a://'));
    const refused = await rival.call('POST', `${url}/start`);
    expect(refused).toMatchObject({ status: 409, json: { code: 'LEASE_HELD' } });
    expect(refused.json.detail).toContain(run);

    // The store is away for a while: that says nothing about the job.
    await stage.endEmulator();
    const blind = await service.waitForState(name, 'UNKNOWN');
    expect(blind.observed.cause).toMatchObject({ code: 'AWS_UNREACHABLE' });
    expect(blind.run.id).toBe(run);
    await stage.restartEmulator();
    await waitUntil(
      'it is seen again',
      async () => {
        const { json } = await service.call('GET', `${url}/status`);
        return json.observed.state === 'RUNNING';
      },
      minute,
    );

    await service.call('POST', `${url}/stop`);
    const stopped = await service.waitForState(name, 'STOPPED');
    expect(stopped.run).toMatchObject({ id: run, stop: { way: 'marker' } });
    expect(stopped.run.lastBatch).toBeGreaterThanOrEqual(1);
  },
  5 * minute,
);

test('a checkpoint in a bucket whose output is gone refuses the next start', async () => {
  await stage.removeBelow(`output/${name}/generation-1/parts/`);
  const answer = await service.call('POST', `${url}/start`);
  expect(answer).toMatchObject({ status: 409, json: { code: 'CHECKPOINT_ALONE' } });
});

function specIn(bucket: string): string {
  return readFileSync(join(projectRoot, 'spark-jobs/specs/crypto-markets.yaml'), 'utf8')
    .replace('path: finance', `path: s3://${bucket}/finance`)
    .replaceAll(' output/', ` s3://${bucket}/output/`)
    .replace(/^trigger:.*$/m, 'trigger: 1 second');
}

async function putSnapshot(number: number): Promise<void> {
  const text = readFileSync(
    join(import.meta.dirname, `fixtures/coin-markets-${number}.json`),
    'utf8',
  );
  await stage.put(`finance/crypto_2026112408000${number}.json`, text);
}

/** Waits for the totals that the job reports. */
async function waitForRows(count: number) {
  return waitUntil(
    `${count} rows`,
    async () => {
      const { json } = await service.call('GET', `${url}/status`);
      if (json.observed.state === 'FAILED') throw new Error(JSON.stringify(json));

      return json.progress?.totals.rows >= count ? json : undefined;
    },
    3 * minute,
  );
}

/** The rows of the parts in the bucket. */
async function countRows(): Promise<number> {
  const storage = openStorage(stage.aws);
  const parts = `s3://${stage.bucket}/output/${name}/generation-1/parts/outcome=row`;
  const texts = await Promise.all(
    (await storage.list(parts)).map((file) => storage.read(`${parts}/${file}`, 1e6)),
  );
  return parse(texts.join('')).length;
}
