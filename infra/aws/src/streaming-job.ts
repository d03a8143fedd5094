import { Aws, type Stack } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import {
  CfnRole,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { acceptFinding } from './accept-finding.ts';
import { accountArn, arnInFinding } from './account-arn.ts';
import { OUTPUT_PREFIX, SLUICE_PREFIX, SNAPSHOT_PREFIX } from './data-bucket.ts';
import type { StackParameters } from './stack-parameters.ts';

const PIPELINE = 'crypto-markets';
const LOG_GROUPS = 'log-group:/aws-glue/*';

/** What a job of Sluice may do on AWS Glue: its folders of the bucket, its log, its metrics; nothing else. */
export function addJobRole(stack: Stack, bucket: CfnBucket): CfnRole {
  const role = new CfnRole(stack, 'JobRole', {
    description: 'What the jobs of Sluice may do on AWS Glue.',
    assumeRolePolicyDocument: new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new ServicePrincipal('glue.amazonaws.com')],
          actions: ['sts:AssumeRole'],
        }),
      ],
    }),
    policies: [
      {
        policyName: 'stream',
        policyDocument: new PolicyDocument({
          statements: [...rightsOnBucket(bucket), ...rightsToTell()].map(
            (one) => new PolicyStatement(one),
          ),
        }),
      },
    ],
  });
  acceptJobFindings(role);
  return role;
}

/** S3A looks at all folders above an object, so it must be allowed to list the whole bucket. */
function rightsOnBucket({ attrArn }: CfnBucket): readonly PolicyStatementProps[] {
  return [
    {
      sid: 'SeeBucket',
      actions: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      resources: [attrArn],
    },
    {
      sid: 'ReadSnapshots',
      actions: ['s3:GetObject'],
      resources: [`${attrArn}/${SNAPSHOT_PREFIX}*`],
    },
    {
      sid: 'WriteResults',
      actions: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      resources: [`${attrArn}/${OUTPUT_PREFIX}*`, `${attrArn}/${SLUICE_PREFIX}*`],
    },
  ];
}

/** AWS Glue makes the log groups by itself, one for all jobs of an account. */
function rightsToTell(): readonly PolicyStatementProps[] {
  return [
    {
      sid: 'WriteLog',
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [accountArn('logs', LOG_GROUPS)],
    },
    {
      sid: 'WriteMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': 'Glue' } },
    },
  ];
}

function acceptJobFindings(role: CfnRole): void {
  const folders = [SNAPSHOT_PREFIX, OUTPUT_PREFIX, SLUICE_PREFIX];
  for (const folder of folders) {
    acceptFinding(role, `AwsSolutions-IAM5[Resource::<DataBucket.Arn>/${folder}*]`, {
      reason: 'Spark chooses the names of parts and checkpoint files; the folder is the limit.',
    });
  }
  acceptFinding(role, `AwsSolutions-IAM5[Resource::${arnInFinding('logs', LOG_GROUPS)}]`, {
    reason: 'AWS Glue chooses group and stream; jobs write below /aws-glue/ only.',
  });
  acceptFinding(role, 'AwsSolutions-IAM5[Resource::*]', {
    reason: 'PutMetricData has no resources; the condition holds it to the namespace of AWS Glue.',
  });
}

/**
 * The job as Sluice defines it, but for its script, which is there when Sluice has started the pipeline once. One
 * concurrent run guards the checkpoint; no retries and no timeout, because Sluice starts runs again itself.
 */
export function addStreamingJob(
  stack: Stack,
  parameters: StackParameters,
  { bucket, role }: { readonly bucket: CfnBucket; readonly role: CfnRole },
): CfnJob {
  const folder = `s3://${bucket.ref}/${SLUICE_PREFIX}`;
  const job = new CfnJob(stack, 'StreamingJob', {
    name: `sluice-${PIPELINE}`,
    description: `Kept by Sluice for the pipeline ${PIPELINE}: changes made here are overwritten.`,
    role: role.attrArn,
    command: {
      name: 'gluestreaming',
      pythonVersion: '3',
      scriptLocation: `${folder}jobs/${PIPELINE}/job.py`,
    },
    glueVersion: parameters.glueVersion,
    workerType: parameters.workerType,
    numberOfWorkers: parameters.workers,
    executionProperty: { maxConcurrentRuns: 1 },
    maxRetries: 0,
    defaultArguments: {
      '--job-language': 'python',
      '--job-bookmark-option': 'job-bookmark-disable',
      '--TempDir': `${folder}temporary/`,
      '--enable-metrics': 'true',
      '--enable-continuous-cloudwatch-log': 'true',
      '--conf': `spark.hadoop.fs.s3a.endpoint.region=${Aws.REGION}`,
    },
  });
  acceptFinding(job, 'AwsSolutions-GL1', {
    reason: 'A security configuration needs a key of its own; logs hold no data, only messages.',
  });
  acceptFinding(job, 'AwsSolutions-GL3', { reason: 'A stream has no job bookmarks.' });
  return job;
}
