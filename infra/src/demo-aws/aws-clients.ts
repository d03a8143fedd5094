import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';

/** What the demo asks the emulator with. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
}

/** In ms. An invoked function answers when it is done, which may take its whole time. */
const deadlines = { connectionTimeout: 5000, requestTimeout: 120_000, throwOnRequestTimeout: true };

/** @param endpoint of the emulator; credentials mean nothing to it. */
export function openAwsClients(endpoint: string): AwsClients {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint, region: 'us-east-1', credentials, requestHandler: deadlines };
  return {
    cloudFormation: new CloudFormationClient(settings),
    // A function that is invoked again because its answer was late would run twice.
    lambda: new LambdaClient({ ...settings, maxAttempts: 1 }),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
  };
}
