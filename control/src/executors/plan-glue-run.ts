import type { DriverRequest } from './executor.ts';
import {
  type GlueJobDefinition,
  type GlueJobSettings,
  glueJobDefinition,
  glueJobName,
  glueRunArguments,
} from './glue-job-definition.ts';
import { scriptPlace } from './upload-script.ts';

/** Everything that a start on AWS Glue sends there, decided before any of it is sent. */
export interface GlueRunPlan {
  /** Where the generated job is put. */
  readonly script: string;
  readonly jobName: string;
  readonly definition: GlueJobDefinition;
  readonly arguments: Record<string, string>;
}

/** What submit performs and a preview prints. Pure. */
export function planGlueRun(
  request: Omit<DriverRequest, 'jobFile' | 'runFolder'>,
  job: Uint8Array,
  settings: GlueJobSettings,
): GlueRunPlan {
  const script = scriptPlace(request.workFolder, request.pipeline, job);
  return {
    script,
    jobName: glueJobName(request.pipeline),
    definition: glueJobDefinition(request, script, settings),
    arguments: glueRunArguments(request),
  };
}
