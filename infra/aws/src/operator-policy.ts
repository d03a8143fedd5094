import type { Stack } from 'aws-cdk-lib';
import {
  CfnManagedPolicy,
  type CfnRole,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
} from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { acceptFinding } from './accept-finding.ts';
import { accountArn, arnInFinding } from './account-arn.ts';

const JOBS = 'job/sluice-*';
const LOG_GROUPS = 'log-group:/aws-glue/jobs/*';

/** What whoever runs the control service needs: jobs named sluice-*, the bucket, logs, and to give jobs their role. */
export function addOperatorPolicy(
  stack: Stack,
  { bucket, role }: { readonly bucket: CfnBucket; readonly role: CfnRole },
): CfnManagedPolicy {
  const rights = [...rightsOnJobs(role), ...rightsOnBucket(bucket)];
  const policy = new CfnManagedPolicy(stack, 'OperatorPolicy', {
    description: 'Run pipelines of Sluice on AWS Glue.',
    policyDocument: new PolicyDocument({
      statements: rights.map((one) => new PolicyStatement(one)),
    }),
  });
  acceptOperatorFindings(policy);
  return policy;
}

function rightsOnJobs(role: CfnRole): readonly PolicyStatementProps[] {
  return [
    {
      sid: 'RunJobs',
      actions: [
        'glue:CreateJob',
        'glue:GetJob',
        'glue:UpdateJob',
        'glue:StartJobRun',
        'glue:GetJobRun',
        'glue:GetJobRuns',
        'glue:BatchStopJobRun',
      ],
      resources: [accountArn('glue', JOBS)],
    },
    {
      sid: 'GiveJobsTheirRole',
      actions: ['iam:PassRole'],
      resources: [role.attrArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } },
    },
    {
      sid: 'ReadLogs',
      actions: ['logs:GetLogEvents'],
      resources: [accountArn('logs', LOG_GROUPS)],
    },
  ];
}

function rightsOnBucket({ attrArn }: CfnBucket): readonly PolicyStatementProps[] {
  return [
    {
      sid: 'SeeBucket',
      actions: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      resources: [attrArn],
    },
    {
      sid: 'KeepFiles',
      actions: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      resources: [`${attrArn}/*`],
    },
  ];
}

function acceptOperatorFindings(policy: CfnManagedPolicy): void {
  acceptFinding(policy, `AwsSolutions-IAM5[Resource::${arnInFinding('glue', JOBS)}]`, {
    reason: 'Each pipeline has a job sluice-NAME; the beginning of the name is the limit.',
  });
  acceptFinding(policy, `AwsSolutions-IAM5[Resource::${arnInFinding('logs', LOG_GROUPS)}]`, {
    reason: 'Streams are called like runs, whose names AWS Glue chooses.',
  });
  acceptFinding(policy, 'AwsSolutions-IAM5[Resource::<DataBucket.Arn>/*]', {
    reason: 'The bucket is made for Sluice alone.',
  });
}
