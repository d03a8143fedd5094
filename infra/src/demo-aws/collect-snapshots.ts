import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { DemoError } from '../demo/demo-errors.ts';
import type { AwsClients } from './aws-clients.ts';
import type { DeployedStack } from './deploy-stack.ts';

const SNAPSHOTS = 3;
const EVERY_MS = 300_000;

/**
 * Invokes the collector as a schedule would: three events, the last of them delivered twice. Returns the snapshots that
 * are in the bucket then, as they are. Throws DEMO_COLLECTOR_FAILED.
 */
export async function collectSnapshots(
  clients: AwsClients,
  { bucket, collector }: DeployedStack,
): Promise<readonly string[]> {
  const last = Math.floor(Date.now() / EVERY_MS) * EVERY_MS;
  const times = Array.from({ length: SNAPSHOTS }, (_, index) => last - index * EVERY_MS);
  for (const time of [...times.toReversed(), last]) {
    await invokeCollector(clients.lambda, collector, new Date(time));
  }
  return readSnapshots(clients.s3, bucket);
}

/** As EventBridge does it, see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html. */
async function invokeCollector(client: LambdaClient, name: string, due: Date): Promise<void> {
  const time = due.toISOString().replace('.000', '');
  const event = { source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} };
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  if (FunctionError !== undefined) {
    const problem = Buffer.from(Payload ?? []).toString('utf8');
    throw new DemoError('DEMO_COLLECTOR_FAILED', { time, problem });
  }
}

async function readSnapshots(client: S3Client, bucket: string): Promise<readonly string[]> {
  const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: 'finance/' });
  const { Contents = [] } = await client.send(list);
  return Promise.all(Contents.map(({ Key = '' }) => readObject(client, bucket, Key)));
}

/** The text of an object. */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}
