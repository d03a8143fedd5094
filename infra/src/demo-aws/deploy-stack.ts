import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { DemoError } from '../demo/demo-errors.ts';
import type { AwsClients } from './aws-clients.ts';
import type { AwsDemoPlaces } from './aws-demo-places.ts';

const STACK = 'sluice-crypto-markets';
const ARTIFACTS = 'sluice-demo-artifacts';
const STACK_SECONDS = 120;

/** What the stack says about itself. */
export interface DeployedStack {
  readonly bucket: string;
  /** What the control service is told: SLUICE_GLUE_FOLDER. */
  readonly folder: string;
  /** SLUICE_GLUE_ROLE. */
  readonly roleArn: string;
  readonly collector: string;
}

/**
 * Bundles the collector, uploads it and deploys the committed template, as docs/aws.md tells people to. The schedule is
 * switched off: the demo invokes the collector itself. Throws DEMO_STACK_FAILED.
 */
export async function deployStack(
  places: AwsDemoPlaces,
  clients: AwsClients,
  apiRoot: string,
): Promise<DeployedStack> {
  const collectorKey = await uploadCollector(places, clients);
  const parameters = {
    ArtifactsBucket: ARTIFACTS,
    CollectorKey: collectorKey,
    ApiRoot: apiRoot,
    AllowPrivateApi: String(apiRoot.startsWith('http://')),
    ScheduleState: 'DISABLED',
  };
  await clients.cloudFormation.send(
    new CreateStackCommand({
      StackName: STACK,
      TemplateBody: await readFile(places.template, 'utf8'),
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: Object.entries(parameters).map(([name, value]) => ({
        ParameterKey: name,
        ParameterValue: value,
      })),
    }),
  );
  await waitFor(clients.cloudFormation, 'deployed', waitUntilStackCreateComplete);
  return readOutputs(clients.cloudFormation);
}

/** Deletes the stack; its bucket stays, as it would in an account. Throws DEMO_STACK_FAILED. */
export async function deleteStack({ cloudFormation }: AwsClients): Promise<void> {
  await cloudFormation.send(new DeleteStackCommand({ StackName: STACK }));
  await waitFor(cloudFormation, 'deleted', waitUntilStackDeleteComplete);
}

async function uploadCollector(places: AwsDemoPlaces, { s3 }: AwsClients): Promise<string> {
  const program = 'infra/aws/src/print-bundle.ts';
  await execa(process.execPath, [program, places.bundle], { cwd: places.root });
  const zip = await readFile(places.bundle);
  const key = `${createHash('sha256').update(zip).digest('hex').slice(0, 16)}.zip`;
  await s3.send(new CreateBucketCommand({ Bucket: ARTIFACTS }));
  await s3.send(new PutObjectCommand({ Bucket: ARTIFACTS, Key: key, Body: zip }));
  return key;
}

async function waitFor(
  client: CloudFormationClient,
  goal: string,
  wait: typeof waitUntilStackCreateComplete,
): Promise<void> {
  const patience = { client, maxWaitTime: STACK_SECONDS, minDelay: 1, maxDelay: 2 };
  try {
    await wait(patience, { StackName: STACK });
  } catch {
    const reasons = await readFailures(client);
    throw new DemoError('DEMO_STACK_FAILED', { stack: STACK, goal, reasons });
  }
}

async function readFailures(client: CloudFormationClient): Promise<string> {
  const { StackEvents = [] } = await client.send(
    new DescribeStackEventsCommand({ StackName: STACK }),
  );
  return StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('FAILED'))
    .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`)
    .join('; ');
}

async function readOutputs(client: CloudFormationClient): Promise<DeployedStack> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
  const outputs = Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]),
  );
  const { Bucket = '', Folder = '', JobRoleArn = '', CollectorName = '' } = outputs;
  return { bucket: Bucket, folder: Folder, roleArn: JobRoleArn, collector: CollectorName };
}
