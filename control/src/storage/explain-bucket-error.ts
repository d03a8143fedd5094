import { SluiceError } from '../errors/sluice-error.ts';

export interface AskedBucket {
  readonly bucket: string;
  /** The one that was asked. */
  readonly region: string;
}

/** What S3 and the SDK say of an error beyond its name. */
interface BucketError {
  readonly name?: string;
  readonly Region?: string;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * An error of S3 that is about a bucket as a whole, in a sentence; undefined for any other. A region that was not
 * meant answers 301 PermanentRedirect, or 400 when it cannot read the signature, and says the right one
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
 */
export function explainBucketError(error: unknown, asked: AskedBucket): SluiceError | undefined {
  const { name, Region, $response } = error as BucketError;
  if (name === 'NoSuchBucket') {
    return new SluiceError('BUCKET_MISSING', { bucket: asked.bucket }, { cause: error });
  }
  const isElsewhere = ['PermanentRedirect', 'AuthorizationHeaderMalformed', '301'].includes(
    name ?? '',
  );
  if (!isElsewhere) return undefined;
  const actual = Region ?? $response?.headers?.['x-amz-bucket-region'] ?? 'another region';
  return new SluiceError('BUCKET_ELSEWHERE', { ...asked, actual }, { cause: error });
}
