import { S3Client } from '@aws-sdk/client-s3';
import type { AwsSettings } from '../config.ts';
import { awsCredentials } from './aws-credentials.ts';

/** In ms. The files of a run have a few kilobytes, so what takes longer has failed. */
const limits = { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Opens S3, or what answers at the endpoint in its place. */
export function openS3({ region, endpoint }: AwsSettings): S3Client {
  return new S3Client({
    region,
    credentials: awsCredentials(),
    // The names of buckets are no hosts of an emulator.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 3,
    requestHandler: limits,
  });
}
