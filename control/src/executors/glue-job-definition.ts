import type { JobUpdate } from '@aws-sdk/client-glue';
import { hadoopPath, joinPlace } from '../storage/place.ts';
import type { DriverRequest } from './executor.ts';

/** The service's settings that every job on AWS Glue needs. */
export interface GlueJobSettings {
  readonly region: string;
  /** Name or ARN of the role the job runs as. */
  readonly role: string;
}

/** The whole of a job as CreateJob and UpdateJob take it; UpdateJob resets what is left out. */
export interface GlueJobDefinition extends JobUpdate {
  readonly Description: string;
  readonly Role: string;
  readonly Command: {
    readonly Name: 'gluestreaming';
    readonly PythonVersion: '3';
    readonly ScriptLocation: string;
  };
  readonly DefaultArguments: Record<string, string>;
}

/** The job of a pipeline, one for each. AWS allows 255 characters; a pipeline's name has at most 63. */
export function glueJobName(pipeline: string): string {
  return `sluice-${pipeline}`;
}

/**
 * The definition of a pipeline's job. One concurrent run is the first guard of the checkpoint. No retries: a run
 * that AWS starts again would race with the one that the service starts. No timeout: a streaming run goes on.
 */
export function glueJobDefinition(
  request: Pick<DriverRequest, 'pipeline' | 'targets' | 'workFolder'>,
  script: string,
  { region, role }: GlueJobSettings,
): GlueJobDefinition {
  const { glue } = request.targets;
  return {
    Description: `Kept by Sluice for the pipeline ${request.pipeline}: changes made here are overwritten.`,
    Role: role,
    Command: { Name: 'gluestreaming', PythonVersion: '3', ScriptLocation: script },
    GlueVersion: glue.version,
    WorkerType: glue['worker-type'],
    NumberOfWorkers: glue.workers,
    ExecutionProperty: { MaxConcurrentRuns: 1 },
    MaxRetries: 0,
    DefaultArguments: defaultArguments(request.workFolder, region),
  };
}

/** Without the region S3A on AWS Glue asks us-east-2, and waits for it until it times out. */
function defaultArguments(workFolder: string, region: string): Record<string, string> {
  const settings = [`spark.hadoop.fs.s3a.endpoint.region=${region}`];
  return {
    '--job-language': 'python',
    '--job-bookmark-option': 'job-bookmark-disable',
    '--TempDir': `${joinPlace(workFolder, 'sluice', 'temporary')}/`,
    '--enable-metrics': 'true',
    '--enable-continuous-cloudwatch-log': 'true',
    // One argument holds all: AWS Glue splits it at the next --conf.
    '--conf': settings.join(' --conf '),
  };
}

/**
 * The arguments of one run. They may be logged by AWS, so nothing secret is among them; what the spec refers to
 * by `${NAME}` goes as one JSON object, because a run on AWS Glue has no environment to read.
 */
export function glueRunArguments(
  request: Pick<
    DriverRequest,
    'runId' | 'generation' | 'controlFolder' | 'workFolder' | 'environment'
  >,
): Record<string, string> {
  return {
    '--control': hadoopPath(request.controlFolder),
    '--run-id': request.runId,
    '--generation': String(request.generation),
    '--folder': hadoopPath(request.workFolder),
    '--variables': JSON.stringify(request.environment),
  };
}
