import { type App, CfnOutput, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { addCollector } from './collector-function.ts';
import { addLostEvents, addSchedule } from './collector-schedule.ts';
import { addDataBucket } from './data-bucket.ts';
import { addFailureAlarms } from './failure-alarms.ts';
import { addOperatorPolicy } from './operator-policy.ts';
import { addParameters } from './stack-parameters.ts';
import { addJobRole, addStreamingJob } from './streaming-job.ts';

/** The arm on AWS: a schedule calls the collector, a job of AWS Glue streams what it brings, failures are told. */
export function addCryptoMarketsStack(app: App): Stack {
  const stack = new Stack(app, 'CryptoMarkets', {
    description: 'Sluice: snapshots of the markets of coins, streamed by AWS Glue into one CSV.',
    analyticsReporting: false,
    // The template is deployed as it is, in accounts that have never seen CDK.
    synthesizer: new LegacyStackSynthesizer(),
  });
  const parameters = addParameters(stack);
  const bucket = addDataBucket(stack, parameters);
  const lost = addLostEvents(stack);
  const collector = addCollector(stack, parameters, { bucket, lost });
  addSchedule(stack, parameters, { collector, lost });
  const role = addJobRole(stack, bucket);
  const job = addStreamingJob(stack, parameters, { bucket, role });
  const operator = addOperatorPolicy(stack, { bucket, role });
  const failures = addFailureAlarms(stack, parameters, { collector, lost });
  addOutputs(stack, {
    Folder: [`s3://${bucket.ref}`, 'SLUICE_GLUE_FOLDER of the control service.'],
    JobRoleArn: [role.attrArn, 'SLUICE_GLUE_ROLE of the control service.'],
    Bucket: [bucket.ref, 'Snapshots, checkpoint, parts and the merged file.'],
    OperatorPolicyArn: [operator.ref, 'For the user or role that runs the control service.'],
    CollectorName: [collector.ref, 'Can be invoked by hand with {"time":"2026-11-24T07:30:00Z"}.'],
    JobName: [job.ref, 'The job on AWS Glue.'],
    FailuresTopic: [failures.ref, 'Is told of failures.'],
  });
  return stack;
}

type Outputs = Readonly<Record<string, readonly [value: string, description: string]>>;

function addOutputs(stack: Stack, outputs: Outputs): void {
  for (const [name, [value, description]] of Object.entries(outputs)) {
    new CfnOutput(stack, name, { value, description }).overrideLogicalId(name);
  }
}
