import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { acceptFinding } from './accept-finding.ts';
import type { StackParameters } from './stack-parameters.ts';

/** Where the collector puts its snapshots. */
export const SNAPSHOT_PREFIX = 'finance/';
/** Where the job of the pipeline writes, and where the merged file is. */
export const OUTPUT_PREFIX = 'output/';
/** What Sluice keeps for itself: scripts of jobs, control folders, temporary files. */
export const SLUICE_PREFIX = 'sluice/';

/**
 * The one bucket of the arm. It stays when the stack is deleted: it holds the results. No versions are kept: a
 * checkpoint replaces and removes thousands of small objects a day, and each would stay and be paid for.
 */
export function addDataBucket(stack: Stack, { snapshotDays }: StackParameters): CfnBucket {
  const bucket = new CfnBucket(stack, 'DataBucket', {
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        { serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
      ],
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    lifecycleConfiguration: { rules: rulesOfAge(snapshotDays) },
  });
  bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  acceptFinding(bucket, 'AwsSolutions-S1', {
    reason: 'Access logs need a second bucket; who needs them turns on CloudTrail data events.',
  });
  refusePlainHttp(stack, bucket);
  return bucket;
}

function rulesOfAge(snapshotDays: number): CfnBucket.RuleProperty[] {
  return [
    {
      id: 'snapshots',
      status: 'Enabled',
      prefix: SNAPSHOT_PREFIX,
      expirationInDays: snapshotDays,
    },
    {
      id: 'temporary-files',
      status: 'Enabled',
      prefix: `${SLUICE_PREFIX}temporary/`,
      expirationInDays: 7,
    },
    {
      id: 'unfinished-uploads',
      status: 'Enabled',
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
  ];
}

function refusePlainHttp(stack: Stack, bucket: CfnBucket): void {
  const refusal = new PolicyStatement({
    sid: 'OnlyWithTls',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:*'],
    resources: [bucket.attrArn, `${bucket.attrArn}/*`],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  new CfnBucketPolicy(stack, 'DataBucketPolicy', {
    bucket: bucket.ref,
    policyDocument: new PolicyDocument({ statements: [refusal] }),
  });
}
