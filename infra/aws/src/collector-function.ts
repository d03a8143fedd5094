import type { Stack } from 'aws-cdk-lib';
import {
  CfnPolicy,
  CfnRole,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { acceptFinding } from './accept-finding.ts';
import { accountArn } from './account-arn.ts';
import { SNAPSHOT_PREFIX } from './data-bucket.ts';
import type { StackParameters } from './stack-parameters.ts';

/** Shorter than the interval of the schedule, so that a late delivery never meets the next event. In seconds. */
export const OLDEST_EVENT = 240;
/** One delivery and two more. */
export const DELIVERIES_AGAIN = 2;
const FUNCTION_SECONDS = 90;

/** What the collector reads and writes beside the API. */
export interface CollectorPlaces {
  readonly bucket: CfnBucket;
  /** Gets the events of which nothing could be made. */
  readonly lost: CfnQueue;
}

/** The function that collects a snapshot for each event, with its role, its log and what happens when it fails. */
export function addCollector(
  stack: Stack,
  parameters: StackParameters,
  places: CollectorPlaces,
): CfnFunction {
  const log = new CfnLogGroup(stack, 'CollectorLog', { retentionInDays: parameters.logDays });
  const role = addRole(stack, parameters, { ...places, log });
  const collector = new CfnFunction(stack, 'Collector', {
    description: 'Collects a snapshot of the markets for each event of the schedule.',
    runtime: 'nodejs24.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    code: { s3Bucket: parameters.artifactsBucket, s3Key: parameters.collectorKey },
    role: role.attrArn,
    memorySize: 256,
    timeout: FUNCTION_SECONDS,
    loggingConfig: { logFormat: 'JSON', logGroup: log.ref },
    environment: { variables: describeEnvironment(parameters, places.bucket) },
  });
  new CfnEventInvokeConfig(stack, 'CollectorDeliveries', {
    functionName: collector.ref,
    qualifier: '$LATEST',
    maximumEventAgeInSeconds: OLDEST_EVENT,
    maximumRetryAttempts: DELIVERIES_AGAIN,
    destinationConfig: { onFailure: { destination: places.lost.attrArn } },
  });
  return collector;
}

function describeEnvironment(parameters: StackParameters, bucket: CfnBucket) {
  return {
    BUCKET: bucket.ref,
    PREFIX: SNAPSHOT_PREFIX,
    PAGES: parameters.pages,
    COINGECKO_URL: parameters.apiRoot,
    ALLOW_PRIVATE: parameters.allowPrivateApi,
    KEY_PARAMETER: parameters.keyParameter,
  };
}

type RolePlaces = CollectorPlaces & { readonly log: CfnLogGroup };

function addRole(stack: Stack, parameters: StackParameters, places: RolePlaces): CfnRole {
  const role = new CfnRole(stack, 'CollectorRole', {
    description: 'What the collector of Sluice may do.',
    assumeRolePolicyDocument: new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new ServicePrincipal('lambda.amazonaws.com')],
          actions: ['sts:AssumeRole'],
        }),
      ],
    }),
    policies: [{ policyName: 'collect', policyDocument: documentOf(listCollectorRights(places)) }],
  });
  letReadKey(stack, parameters, role);
  acceptFinding(role, 'AwsSolutions-IAM5[Resource::<DataBucket.Arn>/finance/*]', {
    reason: 'Names of snapshots are times; the folder is all that can be said about them.',
  });
  return role;
}

function documentOf(statements: readonly PolicyStatementProps[]): PolicyDocument {
  return new PolicyDocument({ statements: statements.map((one) => new PolicyStatement(one)) });
}

function listCollectorRights({ bucket, lost, log }: RolePlaces): readonly PolicyStatementProps[] {
  return [
    {
      sid: 'WriteSnapshots',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${bucket.attrArn}/${SNAPSHOT_PREFIX}*`],
    },
    {
      sid: 'SeeSnapshots',
      actions: ['s3:ListBucket'],
      resources: [bucket.attrArn],
      conditions: { StringLike: { 's3:prefix': `${SNAPSHOT_PREFIX}*` } },
    },
    {
      sid: 'WriteLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [log.attrArn],
    },
    { sid: 'TellWhatIsLost', actions: ['sqs:SendMessage'], resources: [lost.attrArn] },
  ];
}

/** The key of the account's Parameter Store decrypts it; that key lets in whoever may read the parameter. */
function letReadKey(stack: Stack, { keyParameter, hasKey }: StackParameters, role: CfnRole): void {
  const resources = [accountArn('ssm', `parameter${keyParameter}`)];
  const policy = new CfnPolicy(stack, 'CollectorKeyPolicy', {
    policyName: 'read-key',
    roles: [role.ref],
    policyDocument: documentOf([{ sid: 'ReadKey', actions: ['ssm:GetParameter'], resources }]),
  });
  policy.cfnOptions.condition = hasKey;
}
