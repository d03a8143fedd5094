import type { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
  StarPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { acceptFinding } from './accept-finding.ts';
import { DELIVERIES_AGAIN, OLDEST_EVENT } from './collector-function.ts';
import type { StackParameters } from './stack-parameters.ts';

const FOURTEEN_DAYS = 14 * 86_400;

/** The queue of events for which there is no snapshot. */
export function addLostEvents(stack: Stack): CfnQueue {
  const queue = new CfnQueue(stack, 'LostEvents', {
    messageRetentionPeriod: FOURTEEN_DAYS,
    sqsManagedSseEnabled: true,
  });
  acceptFinding(queue, 'AwsSolutions-SQS3', { reason: 'It is the dead-letter queue.' });
  return queue;
}

/**
 * A rule and not a schedule of EventBridge Scheduler, because the events of a rule say when they were due, and that
 * time names the snapshot.
 */
export function addSchedule(
  stack: Stack,
  { schedule, scheduleState }: StackParameters,
  { collector, lost }: { readonly collector: CfnFunction; readonly lost: CfnQueue },
): CfnRule {
  const rule = new CfnRule(stack, 'CollectorSchedule', {
    description: 'When a snapshot of the markets is collected.',
    scheduleExpression: schedule,
    state: scheduleState,
    targets: [
      {
        id: 'collector',
        arn: collector.attrArn,
        retryPolicy: {
          maximumEventAgeInSeconds: OLDEST_EVENT,
          maximumRetryAttempts: DELIVERIES_AGAIN,
        },
        deadLetterConfig: { arn: lost.attrArn },
      },
    ],
  });
  new CfnPermission(stack, 'CollectorInvocation', {
    action: 'lambda:InvokeFunction',
    functionName: collector.ref,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  });
  allowLostEvents(stack, lost, rule);
  return rule;
}

function allowLostEvents(stack: Stack, queue: CfnQueue, rule: CfnRule): void {
  const statements = [
    new PolicyStatement({
      sid: 'EventsOfTheSchedule',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.attrArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
    new PolicyStatement({
      sid: 'OnlyWithTls',
      effect: Effect.DENY,
      principals: [new StarPrincipal()],
      actions: ['sqs:*'],
      resources: [queue.attrArn],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ];
  new CfnQueuePolicy(stack, 'LostEventsPolicy', {
    queues: [queue.ref],
    policyDocument: new PolicyDocument({ statements }),
  });
}
