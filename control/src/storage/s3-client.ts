import { S3Client } from '@aws-sdk/client-s3';
import type { AwsSettings } from '../config.ts';
import { awsCredentials } from './aws-credentials.ts';

/** In ms. The files of a run have a few kilobytes, so what takes longer has failed. */
const usualTimeout = 10_000;
const limits = { connectionTimeout: 3000, throwOnRequestTimeout: true };

/** Opens S3, or what answers at the endpoint in its place. The timeout of a request is in ms. */
export function openS3(
  { region, endpoint }: AwsSettings,
  requestTimeout: number = usualTimeout,
): S3Client {
  return new S3Client({
    region,
    credentials: awsCredentials(),
    // The names of buckets are no hosts of an emulator.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 3,
    requestHandler: { ...limits, requestTimeout },
  });
}
