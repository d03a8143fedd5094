import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSnapshotBucket } from './snapshot-bucket.ts';

const python = join(import.meta.dirname, '../../../.sluice/ministack/bin/python');
const isThere = existsSync(python);
const title = isThere
  ? 'a bucket of the emulator ministack'
  : 'a bucket of the emulator ministack (skipped: .sluice/ministack is not there, docs/producers.md says how to get it)';

describe.skipIf(!isThere)(title, () => {
  let folder: string;
  let emulator: ChildProcess;
  let client: S3Client;
  let settings: {
    endpoint: string;
    forcePathStyle: true;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ministack-'));
    const port = await findFreePort();
    emulator = spawn(python, ['-m', 'ministack'], {
      cwd: folder,
      env: { ...process.env, GATEWAY_PORT: String(port), HOME: folder },
      stdio: 'ignore',
    });
    settings = {
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    client = new S3Client(settings);
    await makeBucket(client);
  }, 60_000);

  afterAll(async () => {
    client.destroy();
    const exited = once(emulator, 'exit');
    emulator.kill('SIGKILL');
    await exited;
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

async function makeBucket(client: S3Client): Promise<void> {
  const deadline = performance.now() + 50_000;
  for (;;) {
    try {
      await client.send(new CreateBucketCommand({ Bucket: 'prices' }));
      return;
    } catch (caught) {
      if (performance.now() > deadline) throw caught;
      await sleep(100);
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}
