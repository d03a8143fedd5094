import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetJobsCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from './aws-emulator.ts';

const runtimeFile = join(import.meta.dirname, '../../.sluice/runtime.json');

let folder: string;
let emulator: AwsEmulator;
let glue: GlueClient;
let s3: S3Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-emulator-'));
  emulator = await startAwsEmulator({ folder, runtimeFile });
  const { endpoint } = emulator;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 };
  glue = new GlueClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'jobs' }));
});

afterAll(async () => {
  await emulator?.stop();
  for (const client of [glue, s3]) client?.destroy();
  await rm(folder, { recursive: true, force: true });
});

it('of many conditional writes at once exactly one wins, and a stale one is refused', async () => {
  const bodies = Array.from({ length: 20 }, (_, index) => `writer ${index}`);
  const outcomes = await Promise.allSettled(
    bodies.map((body) => put('lease', body, { IfNoneMatch: '*' })),
  );
  const winners = bodies.filter((_, index) => outcomes[index]?.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  expect(await read('lease')).toBe(winners[0]);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      expect(outcome.reason.$metadata.httpStatusCode).toBe(412);
    }
  }
  const { ETag = '' } = await put('lease', 'second', {});
  await put('lease', 'third', { IfMatch: ETag });
  await expect(put('lease', 'fourth', { IfMatch: ETag })).rejects.toThrow(
    expect.objectContaining({ name: 'PreconditionFailed' }),
  );
});

it('faults come as asked for, and as often', async () => {
  await put('some/script.py', 'a script');
  await ask('/_faults', { fault: 'throttle', service: 'glue', action: 'GetJobs' });
  await ask('/_faults', { fault: 'expired', service: 's3', action: 'GetObject', where: 'script' });
  await expect(listJobs()).rejects.toThrow(
    expect.objectContaining({ name: 'ThrottlingException' }),
  );
  await expect(listJobs()).resolves.toBeDefined();
  await expect(read('some/script.py')).rejects.toThrow(
    expect.objectContaining({ name: 'ExpiredToken' }),
  );
  await expect(read('some/script.py')).resolves.toBe('a script');
  await expect(ask('/_faults', { fault: 'flood' })).rejects.toThrow('there is no fault');
});

it('an answer is lost after its request was performed, or with it', async () => {
  await ask('/_faults', { fault: 'lost-answer', service: 's3', action: 'PutObject' });
  await expect(put('kept', 'here', {})).rejects.toThrow();
  expect(await read('kept')).toBe('here');
  await ask('/_faults', { fault: 'lost-request', service: 's3', action: 'PutObject' });
  await expect(put('kept', 'never', {})).rejects.toThrow();
  expect(await read('kept')).toBe('here');
});

async function listJobs() {
  return await glue.send(new GetJobsCommand({}));
}

async function put(
  key: string,
  body: string,
  condition: { IfNoneMatch?: string; IfMatch?: string } = {},
) {
  return await s3.send(
    new PutObjectCommand({ Bucket: 'jobs', Key: key, Body: body, ...condition }),
  );
}

async function read(key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'jobs', Key: key }));
  return (await Body?.transformToString()) ?? '';
}

async function ask(path: string, wanted: object): Promise<void> {
  const request = { method: 'POST', body: JSON.stringify(wanted) };
  const answer = await fetch(`${emulator.endpoint}${path}`, request);
  if (!answer.ok) throw new Error(await answer.text());
}
