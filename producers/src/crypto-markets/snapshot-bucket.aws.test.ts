import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAwsEmulator } from '../../../infra/src/aws-emulator.ts';
import { openSnapshotBucket } from './snapshot-bucket.ts';

const runtimeFile = join(import.meta.dirname, '../../../.sluice/runtime.json');

describe('a bucket of the emulator', () => {
  let folder: string;
  let emulator: AwsEmulator;
  let client: S3Client;
  let settings: {
    endpoint: string;
    forcePathStyle: true;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'snapshot-bucket-'));
    emulator = await startAwsEmulator({ folder, runtimeFile });
    settings = {
      endpoint: emulator.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    client = new S3Client(settings);
    await client.send(new CreateBucketCommand({ Bucket: 'prices' }));
  });

  afterAll(async () => {
    client?.destroy();
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('gets each snapshot once, byte for byte, also when it is put twice or from two sides', async () => {
    const stores = [open(), open()];
    const put = (body: string) => stores.map((store) => store.put('crypto_1.json', body));
    expect(await Promise.all(put('{"results":[]}'))).toEqual(['written', 'written']);
    expect(await Promise.all(put('{"results":[1]}'))).toEqual(['taken', 'taken']);
    await Promise.all(stores.map((store) => store.close()));
    expect(await readAll()).toEqual([['finance/crypto_1.json', '{"results":[]}']]);
  });

  it('names the bucket that is missing', async () => {
    const store = openSnapshotBucket({ bucket: 'absent', prefix: '', client: settings });
    await expect(store.put('a.json', '{}')).rejects.toThrow(
      'Writing a.json to bucket absent failed (NoSuchBucket',
    );
    await store.close();
  });

  function open() {
    return openSnapshotBucket({ bucket: 'prices', prefix: 'finance/', client: settings });
  }

  async function readAll() {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'prices' }));
    return await Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: 'prices', Key }));
        return [Key, await Body?.transformToString()];
      }),
    );
  }
});
