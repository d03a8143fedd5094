import { afterEach, expect, it } from 'vitest';
import { type BucketStandIn, startBucketStandIn, type Trouble } from './bucket-stand-in.ts';
import { openSnapshotBucket } from './snapshot-bucket.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { createSteppedClock } from './stepped-clock.ts';

const PATH = '/prices/finance/crypto_1.json';
const PUT = `PUT ${PATH}`;
const GET = `GET ${PATH}`;

let server: BucketStandIn;
let store: SnapshotStore;

afterEach(async () => {
  await store.close();
  await server.close();
});

it.each<[string, Trouble, readonly string[]]>([
  ['nothing goes wrong', 'none', [PUT]],
  ['the store asks to slow down', 'slow down', [PUT, PUT]],
  ['the connection is reset', 'reset in body', [PUT, PUT]],
  ['another conditional write is under way', 'conflict', [PUT, PUT]],
  ['the answer is lost, which the bytes of the object show', 'answer lost', [PUT, PUT, GET]],
])('writes an object once when %s', async (_title, trouble, requests) => {
  await open(trouble);
  expect(await store.put('crypto_1.json', '{"results":[]}')).toBe('written');
  expect(server.requests).toEqual(requests);
  expect([...server.objects].map(([path, body]) => [path, String(body)])).toEqual([
    [PATH, '{"results":[]}'],
  ]);
});

it.each(['{"results":[1]}', '{"results":[]} and more', '{"res', ''])(
  'leaves another object of the name as it is: %j',
  async (other) => {
    await open();
    server.objects.set(PATH, Buffer.from(other));
    expect(await store.put('crypto_1.json', '{"results":[]}')).toBe('taken');
    expect(String(server.objects.get(PATH))).toBe(other);
  },
);

it('names bucket, object and reason when it is denied, after one request', async () => {
  await open('denied');
  await expect(store.put('crypto_1.json', '{}')).rejects.toMatchObject({
    code: 'BUCKET_FAILED',
    message: expect.stringContaining(
      'Writing finance/crypto_1.json to bucket prices failed (AccessDenied: No: AccessDenied).',
    ),
  });
  expect(server.requests).toEqual([PUT]);
});

it('gives up after six conflicts', async () => {
  await open(...Array.from({ length: 9 }, () => 'conflict' as const));
  await expect(store.put('crypto_1.json', '{}')).rejects.toThrow('ConditionalRequestConflict');
  expect(server.requests).toHaveLength(6);
});

async function open(...troubles: readonly Trouble[]): Promise<void> {
  server = await startBucketStandIn(...troubles);
  store = openSnapshotBucket({
    bucket: 'prices',
    prefix: 'finance/',
    clock: createSteppedClock(),
    client: {
      endpoint: server.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
  });
}
