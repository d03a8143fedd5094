import type { CfnCondition, Stack } from 'aws-cdk-lib';
import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
  StarPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';

/** Whose failures are told. */
export interface Watched {
  readonly collector: CfnFunction;
  readonly lost: CfnQueue;
}

/** States of a run of AWS Glue that nobody asked for. A run that was stopped, or that ended by itself, is none. */
const BAD_STATES = ['FAILED', 'ERROR', 'TIMEOUT'];
const QUARTER_OF_AN_HOUR = 900;
/** One event has three deliveries. */
const ERRORS_OF_A_LOST_EVENT = 3;

/** A topic that is told when a run fails, when the collector fails again and again, and when a snapshot is lost. */
export function addFailureAlarms(
  stack: Stack,
  { alarmEmail, hasEmail }: { readonly alarmEmail: string; readonly hasEmail: CfnCondition },
  { collector, lost }: Watched,
): CfnTopic {
  const topic = new CfnTopic(stack, 'Failures', { displayName: 'Failures of Sluice' });
  const subscription = new CfnSubscription(stack, 'FailuresByEmail', {
    topicArn: topic.ref,
    protocol: 'email',
    endpoint: alarmEmail,
  });
  subscription.cfnOptions.condition = hasEmail;
  const rule = tellOfFailedRuns(stack, topic);
  allowTelling(stack, topic, rule);
  addAlarms(stack, topic, { collector, lost });
  return topic;
}

/** https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html */
function tellOfFailedRuns(stack: Stack, topic: CfnTopic): CfnRule {
  return new CfnRule(stack, 'FailedRuns', {
    description: 'Runs of Sluice on AWS Glue that failed.',
    eventPattern: {
      source: ['aws.glue'],
      'detail-type': ['Glue Job State Change'],
      detail: { jobName: [{ prefix: 'sluice-' }], state: BAD_STATES },
    },
    targets: [{ id: 'failures', arn: topic.ref }],
  });
}

function allowTelling(stack: Stack, topic: CfnTopic, rule: CfnRule): void {
  const tell = { actions: ['sns:Publish'], resources: [topic.ref] };
  const statements = [
    new PolicyStatement({
      ...tell,
      sid: 'FailedRuns',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
    new PolicyStatement({
      ...tell,
      sid: 'Alarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    new PolicyStatement({
      ...tell,
      sid: 'OnlyWithTls',
      effect: Effect.DENY,
      principals: [new StarPrincipal()],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ];
  new CfnTopicPolicy(stack, 'FailuresPolicy', {
    topics: [topic.ref],
    policyDocument: new PolicyDocument({ statements }),
  });
}

function addAlarms(stack: Stack, topic: CfnTopic, { collector, lost }: Watched): void {
  const alarm = {
    alarmActions: [topic.ref],
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    evaluationPeriods: 1,
    period: QUARTER_OF_AN_HOUR,
    treatMissingData: 'notBreaching',
  } as const satisfies Partial<CfnAlarmProps>;
  new CfnAlarm(stack, 'CollectorErrors', {
    ...alarm,
    alarmDescription: 'The collector failed as often as it takes to lose a snapshot.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: [{ name: 'FunctionName', value: collector.ref }],
    statistic: 'Sum',
    threshold: ERRORS_OF_A_LOST_EVENT,
  });
  new CfnAlarm(stack, 'SnapshotsLost', {
    ...alarm,
    alarmDescription: 'Events of the schedule for which there is no snapshot.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: [{ name: 'QueueName', value: lost.attrQueueName }],
    statistic: 'Maximum',
    threshold: 1,
  });
}
