import type { AwsSettings } from '../config.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { DriverRequest } from './executor.ts';
import type { Runtime } from './runtime.ts';

type Need = Pick<DriverRequest, 'objectStorage'>;

/**
 * The jars with which Spark reaches buckets; none when the job needs none. They come by --jars, so that the class path
 * that the class-data archive covers stays as it is. Throws S3A_NOT_SET_UP.
 */
export function objectStorageJars({ objectStorage }: Need, runtime: Runtime): readonly string[] {
  return objectStorage ? requireS3aJars(runtime) : [];
}

/** Settings of Spark with which it reaches buckets, as words of spark-submit; none when the job needs none. */
export function objectStorageWords(
  { objectStorage }: Need,
  { region, endpoint }: AwsSettings,
): readonly string[] {
  if (!objectStorage) return [];
  const settings = {
    'endpoint.region': region,
    // The names of buckets are no hosts of an emulator.
    ...(endpoint === undefined ? {} : { endpoint, 'path.style.access': 'true' }),
    'aws.credentials.provider': credentialProviders.join(','),
  };
  return Object.entries(settings).flatMap(([key, value]) => [
    '--conf',
    `spark.hadoop.fs.s3a.${key}=${value}`,
  ]);
}

/**
 * The first two take keys that Spark found in the driver's environment and hands on to executors; the last looks in
 * the SDK's own places: profiles, roles.
 */
const credentialProviders = [
  'org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider',
  'org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider',
  'software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider',
];

/** The jars of Spark's connector to S3. Throws S3A_NOT_SET_UP when set-up did not bring them. */
export function requireS3aJars({ spark }: Runtime): readonly string[] {
  if (spark.s3aJars.length > 0) return spark.s3aJars;
  throw new SluiceError('S3A_NOT_SET_UP');
}

/** Keys or where they are, for a driver that needs them: in its environment only, because arguments are seen by all. */
export function objectStorageEnvironment(
  { objectStorage }: Need,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return objectStorage
    ? Object.fromEntries(Object.entries(own).filter(([name]) => credentialNames.test(name)))
    : {};
}

/** As the SDKs for all languages read them. */
const credentialNames =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+|REGION|DEFAULT_REGION|CA_BUNDLE|EC2_METADATA_\w+)$/;
