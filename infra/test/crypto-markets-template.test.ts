import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: each type of resource has a shape of its own.
  readonly Properties: any;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
  readonly Sid?: string;
}

const file = join(import.meta.dirname, '../cloudformation/crypto-markets.template.json');
const text = readFileSync(file, 'utf8');
const template: {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
} = JSON.parse(text);
const resources = Object.values(template.Resources);

describe('the stack of crypto-markets', () => {
  it('is deployed as it is: without CDK, its bootstrap, assets or lookups', () => {
    expect(text).not.toMatch(/cdk|bootstrap|assets/i);
    const needed = Object.entries(template.Parameters).filter(([, one]) => !('Default' in one));
    expect(needed.map(([name]) => name).sort()).toEqual(['ArtifactsBucket', 'CollectorKey']);
  });

  it('lets one run of the job work at a time, and leaves starting again to Sluice', () => {
    const job = propertiesOf('StreamingJob');
    expect(job).toMatchObject({
      Name: 'sluice-crypto-markets',
      Command: { Name: 'gluestreaming', PythonVersion: '3' },
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      MaxRetries: 0,
    });
    expect(job).not.toHaveProperty('Timeout');
    expect(template.Parameters).toMatchObject({
      GlueVersion: { Default: '6.0' },
      WorkerType: { Default: 'G.025X' },
      Workers: { Default: 2 },
    });
  });

  it('tells S3A its region, because it would ask us-east-2 otherwise', () => {
    const conf = propertiesOf('StreamingJob').DefaultArguments['--conf'];
    const parts = ['spark.hadoop.fs.s3a.endpoint.region=', { Ref: 'AWS::Region' }];
    expect(conf).toEqual({ 'Fn::Join': ['', parts] });
  });

  it('keeps a bucket that is encrypted, closed to the public, and stays when the stack goes', () => {
    const { Properties, DeletionPolicy } = resource('DataBucket');
    expect(DeletionPolicy).toBe('Retain');
    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
    expect(new Set(Object.values(Properties.PublicAccessBlockConfiguration))).toEqual(
      new Set([true]),
    );
    const rules: readonly { readonly Prefix?: string }[] = Properties.LifecycleConfiguration.Rules;
    expect(rules.map(({ Prefix }) => Prefix)).toEqual(['finance/', 'sluice/temporary/', undefined]);
    expect(rules.at(-1)).toHaveProperty('AbortIncompleteMultipartUpload.DaysAfterInitiation', 7);
  });

  it('never lets age remove what a checkpoint, the parts or the merged file need', () => {
    const { Rules } = propertiesOf('DataBucket').LifecycleConfiguration;
    const removing = Rules.filter((rule: object) => 'ExpirationInDays' in rule);
    for (const { Prefix } of removing) {
      expect(Prefix).toMatch(/^(finance|sluice\/temporary)\/$/);
    }
  });

  it('refuses requests without TLS to bucket, queue and topic', () => {
    for (const name of ['DataBucketPolicy', 'LostEventsPolicy', 'FailuresPolicy']) {
      const statements: readonly Statement[] = propertiesOf(name).PolicyDocument.Statement;
      const refusal = statements.find(({ Effect }) => Effect === 'Deny');
      expect(refusal, name).toHaveProperty('Condition.Bool.aws:SecureTransport', 'false');
    }
  });

  it('collects no more often than the quota of a demo key allows', () => {
    const [, minutes] = /^rate\((\d+) minutes\)$/.exec(defaultOf('Schedule')) ?? [];
    const callsInLongestMonth = (31 * 24 * 60) / Number(minutes);
    expect(callsInLongestMonth * Number(defaultOf('Pages'))).toBeLessThanOrEqual(10_000);
  });

  it('delivers an event again only before the next is due, and keeps what could not be done', () => {
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts, DestinationConfig } =
      propertiesOf('CollectorDeliveries');
    expect(MaximumEventAgeInSeconds).toBeLessThan(300);
    expect(MaximumRetryAttempts).toBe(2);
    const lost = { 'Fn::GetAtt': ['LostEvents', 'Arn'] };
    expect(DestinationConfig.OnFailure.Destination).toEqual(lost);
    const [target] = propertiesOf('CollectorSchedule').Targets;
    expect(target.DeadLetterConfig.Arn).toEqual(lost);
    expect(target.RetryPolicy.MaximumEventAgeInSeconds).toBeLessThan(300);
  });

  it('knows the name of the key of the API only, and may read it only when there is one', () => {
    expect(propertiesOf('Collector').Environment.Variables.KEY_PARAMETER).toEqual({
      Ref: 'KeyParameter',
    });
    expect(resource('CollectorKeyPolicy').Condition).toBe('HasKey');
  });

  it('tells a topic of failed runs, a failing collector and lost snapshots', () => {
    expect(propertiesOf('FailedRuns').EventPattern).toEqual({
      source: ['aws.glue'],
      'detail-type': ['Glue Job State Change'],
      detail: { jobName: [{ prefix: 'sluice-' }], state: ['FAILED', 'ERROR', 'TIMEOUT'] },
    });
    const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(2);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions).toEqual([{ Ref: 'Failures' }]);
    }
  });

  it('gives the control service what it is started with', () => {
    expect(Object.keys(template.Outputs)).toEqual(
      expect.arrayContaining(['Folder', 'JobRoleArn', 'Bucket', 'OperatorPolicyArn']),
    );
  });
});

describe('what the roles of the stack may do', () => {
  const allowed = resources.flatMap(statementsOfRoles).filter(({ Effect }) => Effect === 'Allow');

  it('is never everything of a service', () => {
    const actions = allowed.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(20);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('is limited to resources, but for metrics, which have none', () => {
    const everywhere = allowed.filter(({ Resource: where }) => where === '*');
    expect(everywhere.map(({ Action }) => Action)).toEqual(['cloudwatch:PutMetricData']);
    expect(everywhere[0]?.Condition).toEqual({
      StringEquals: { 'cloudwatch:namespace': 'Glue' },
    });
  });

  it('hands over one role only, and only to AWS Glue', () => {
    const passing = allowed.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(passing).toEqual([
      expect.objectContaining({
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': ['JobRole', 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } },
      }),
    ]);
  });

  it('lets the job read snapshots and not change them, and the collector remove nothing', () => {
    const ofJob = statementsOfRoles(resource('JobRole'));
    expect(ofJob.find(({ Sid }) => Sid === 'ReadSnapshots')?.Action).toBe('s3:GetObject');
    const ofCollector = statementsOfRoles(resource('CollectorRole')).flatMap(
      ({ Action }) => Action,
    );
    expect(ofCollector).not.toContain('s3:DeleteObject');
  });
});

function statementsOfRoles({ Type, Properties }: Resource): readonly Statement[] {
  if (Type === 'AWS::IAM::Role') {
    return Properties.Policies.flatMap(
      (policy: { PolicyDocument: { Statement: readonly Statement[] } }) =>
        policy.PolicyDocument.Statement,
    );
  }
  return /^AWS::IAM::(Managed)?Policy$/.test(Type) ? Properties.PolicyDocument.Statement : [];
}

function resource(name: string): Resource {
  const found = template.Resources[name];
  if (found === undefined) throw new Error(`The template has no resource ${name}.`);
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: each type of resource has a shape of its own.
function propertiesOf(name: string): any {
  return resource(name).Properties;
}

function defaultOf(parameter: string): string {
  return String(template.Parameters[parameter]?.Default);
}
