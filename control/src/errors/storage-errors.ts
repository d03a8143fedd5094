import { defineErrors } from './error-entry.ts';

/** What may go wrong with files of a run in a bucket, and with AWS as a whole. */
export const storageErrors = defineErrors({
  BUCKET_MISSING: {
    status: 409,
    exit: 2,
    found: 'The bucket {bucket} does not exist.',
    wanted: 'A bucket is made before a pipeline uses it.',
    next: 'Make it, or correct its name in the spec or the settings.',
  },
  BUCKET_ELSEWHERE: {
    status: 409,
    exit: 2,
    found: 'The bucket {bucket} is in {actual}, not in {region}.',
    wanted: 'Buckets are in the region that AWS_REGION names.',
    next: 'Set AWS_REGION to the region of the bucket and start the service again, or use a bucket of {region}.',
  },
  S3A_NOT_SET_UP: {
    status: 503,
    exit: 3,
    found: "Spark's connector to S3 is not set up.",
    wanted: 'A pipeline with paths in buckets needs it, on this machine and on a cluster.',
    next: 'Run `npm run setup -- --with aws`.',
  },
  AWS_CREDENTIALS_MISSING: {
    status: 503,
    exit: 3,
    found: 'There are no credentials for AWS: {problem}.',
    wanted: 'The usual places of the AWS SDK hold them: environment, profile or role.',
    next: 'Log in (`aws sso login`) or set AWS_PROFILE, then start the service again; running pipelines go on.',
  },
  AWS_CREDENTIALS_REFUSED: {
    status: 503,
    exit: 3,
    found: '{service} refuses the credentials: {problem}.',
    wanted: 'They are valid and have not expired.',
    next: 'Log in again or mend the keys; when they came by the environment, start the service again.',
  },
  AWS_ACCESS_DENIED: {
    status: 503,
    exit: 3,
    found: '{service} denies access to {what}: {problem}.',
    wanted: 'The identity of Sluice may read and write there.',
    next: 'Give the identity that permission, or use another place.',
  },
  AWS_THROTTLED: {
    status: 503,
    exit: 1,
    found: '{service} was asked too often and answers {problem}.',
    wanted: 'Requests below the limits of the account.',
    next: 'Wait a little and repeat it; look for what else uses the same bucket or account if it stays so.',
  },
  AWS_UNREACHABLE: {
    status: 503,
    exit: 3,
    found: '{service} gives no answer that helps: {problem}.',
    wanted: 'A connection to {service}, and a service that works.',
    next: 'Look at the network, and at AWS_ENDPOINT_URL if it is set, then repeat it.',
  },
  AWS_FAILED: {
    status: 503,
    exit: 1,
    found: '{service} failed on {what}: {problem}.',
    wanted: 'It does what it is asked.',
    next: 'Repeat it; if it stays so, look the message up in the documentation of {service}.',
  },
});
