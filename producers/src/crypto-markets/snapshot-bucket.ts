import {
  GetObjectCommand,
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
}

/**
 * A store that puts each snapshot into an S3 bucket, on the condition that nothing has its name. The SDK repeats a
 * request whose answer is lost; the repetition then meets our own object, which is told from another's by its bytes.
 * Region, credentials and AWS_ENDPOINT_URL are found as by all AWS programs.
 */
export function openSnapshotBucket(settings: BucketSettings): SnapshotStore {
  const { bucket, prefix, clock = systemClock } = settings;
  const client = new S3Client({
    maxAttempts: TRIES_AFTER_FAILURE,
    requestHandler: REQUEST_LIMITS,
    // Emulators have no host name for each bucket.
    forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined,
    ...settings.client,
  });
  return Object.freeze({
    put: (name: string, body: string) => {
      const put = { client, bucket, key: `${prefix}${name}`, bytes: Buffer.from(body), clock };
      return putWhole(put).catch((caught: unknown) => {
        const problem = describe(caught);
        throw new ProducerError('BUCKET_FAILED', { bucket, key: put.key, problem });
      });
    },
    close: () => {
      client.destroy();
      return Promise.resolve();
    },
  });
}

interface Put {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Buffer;
  readonly clock: Clock;
}

/** 409 says that another conditional write was under way at that moment, and asks to try again. */
async function putWhole(put: Put): Promise<'written' | 'taken'> {
  const abortSignal = AbortSignal.timeout(PUT_LIMIT_MS);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putIfAbsent(put, abortSignal);
      return 'written';
    } catch (caught) {
      const status = statusOf(caught);
      if (status === 412) {
        return (await holdsSame(put, abortSignal)) ? 'written' : 'taken';
      }
      if (status !== 409 || attempt === TRIES_AFTER_CONFLICT) {
        throw caught;
      }
    }
    await put.clock.sleep(backOff(attempt, Math.random), abortSignal);
  }
}

async function putIfAbsent(put: Put, abortSignal: AbortSignal): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: put.bucket,
    Key: put.key,
    Body: put.bytes,
    ContentType: 'application/json',
    ChecksumAlgorithm: 'SHA256',
    IfNoneMatch: '*',
  });
  await put.client.send(command, { abortSignal });
}

/** Reads one byte more than ours has, which tells a longer one without reading all of it. */
async function holdsSame(put: Put, abortSignal: AbortSignal): Promise<boolean> {
  const command = new GetObjectCommand({
    Bucket: put.bucket,
    Key: put.key,
    Range: `bytes=0-${put.bytes.length}`,
  });
  const { Body } = await put.client.send(command, { abortSignal });
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
