import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { backOff } from '../back-off.ts';
import { type Clock, systemClock } from '../pace.ts';
import { describeProblem, ProducerError } from '../producer-errors.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** The SDK waits for ever unless told otherwise. */
const REQUEST_LIMITS = {
  connectionTimeout: 5000,
  requestTimeout: 30_000,
  throwOnRequestTimeout: true,
};
const TRIES_AFTER_FAILURE = 6;
const TRIES_AFTER_CONFLICT = 6;
const PUT_LIMIT_MS = 120_000;

export interface BucketSettings {
  readonly bucket: string;
  /** Put before each name. */
  readonly prefix: string;
  /** More than the environment says about region, credentials and endpoint. */
  readonly client?: S3ClientConfig | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds that one snapshot may take to be written, with all repetitions; two minutes when absent. */
  readonly putLimitMs?: number | undefined;
}

/** A store that can also be asked what it holds. */
export interface SnapshotBucket extends SnapshotStore {
  /** Whether an object has this name. Rejects with a ProducerError. */
  holds(name: string): Promise<boolean>;
}

/**
 * A store that puts each snapshot into an S3 bucket, on the condition that nothing has its name. The SDK repeats a
 * request whose answer is lost; the repetition then meets our own object, which is told from another's by its bytes.
 * Region, credentials and AWS_ENDPOINT_URL are found as by all AWS programs.
 */
export function openSnapshotBucket(settings: BucketSettings): SnapshotBucket {
  const { bucket, prefix, clock = systemClock, putLimitMs = PUT_LIMIT_MS } = settings;
  const client = new S3Client({
    maxAttempts: TRIES_AFTER_FAILURE,
    requestHandler: REQUEST_LIMITS,
    // Emulators have no host name for each bucket.
    forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined,
    ...settings.client,
  });
  const refuse = (key: string) => (caught: unknown) => {
    throw new ProducerError('BUCKET_FAILED', { bucket, key, problem: describe(caught) });
  };
  return Object.freeze({
    put: (name: string, body: string) => {
      const key = `${prefix}${name}`;
      const abortSignal = AbortSignal.timeout(putLimitMs);
      const put = { client, bucket, key, bytes: Buffer.from(body), clock, abortSignal };
      return putWhole(put).catch(refuse(key));
    },
    holds: (name: string) => {
      const key = `${prefix}${name}`;
      return isListed({ client, bucket, key }).catch(refuse(key));
    },
    close: () => {
      client.destroy();
      return Promise.resolve();
    },
  });
}

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
}

interface Put extends Place {
  readonly bytes: Buffer;
  readonly clock: Clock;
  readonly abortSignal: AbortSignal;
}

/** By a list, which can be allowed for one folder alone; who may not list gets 403 from HEAD where nothing is. */
async function isListed({ client, bucket, key }: Place): Promise<boolean> {
  const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
  const { Contents = [] } = await client.send(command);
  return Contents[0]?.Key === key;
}

/** 409 says that another conditional write was under way at that moment, and asks to try again. */
async function putWhole(put: Put): Promise<'written' | 'taken'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putIfAbsent(put);
      return 'written';
    } catch (caught) {
      const status = statusOf(caught);
      if (status === 412) {
        return (await holdsSame(put)) ? 'written' : 'taken';
      }
      if (status !== 409 || attempt === TRIES_AFTER_CONFLICT) {
        throw caught;
      }
    }
    await put.clock.sleep(backOff(attempt, Math.random), put.abortSignal);
  }
}

async function putIfAbsent(put: Put): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: put.bucket,
    Key: put.key,
    Body: put.bytes,
    ContentType: 'application/json',
    ChecksumAlgorithm: 'SHA256',
    IfNoneMatch: '*',
  });
  await put.client.send(command, { abortSignal: put.abortSignal });
}

/** Reads one byte more than ours has, which tells a longer one without reading all of it. */
async function holdsSame(put: Put): Promise<boolean> {
  const command = new GetObjectCommand({
    Bucket: put.bucket,
    Key: put.key,
    Range: `bytes=0-${put.bytes.length}`,
  });
  const { Body } = await put.client.send(command, { abortSignal: put.abortSignal });
  return put.bytes.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
}

function statusOf(caught: unknown): number | undefined {
  return caught instanceof S3ServiceException ? caught.$metadata.httpStatusCode : undefined;
}

function describe(caught: unknown): string {
  const problem = describeProblem(caught);
  return caught instanceof S3ServiceException && caught.name !== problem
    ? `${caught.name}: ${problem}`
    : problem;
}
