import { BatchStopJobRunCommand, type GlueClient } from '@aws-sdk/client-glue';
import { SluiceError } from '../errors/sluice-error.ts';
import type { GlueHandle } from '../store/run-handle.ts';
import { askGlueFor } from './ask-glue.ts';
import { mayRun } from './glue-run-state.ts';
import { readJobRun } from './glue-runs.ts';

/**
 * Asks AWS Glue to end a run; a run that has ended or is ending already is as good as stopped. The answer to this
 * call is a good one even when the run was not stopped, so what it says of each run is read. Throws
 * GLUE_STOP_REFUSED and the AWS_ errors.
 */
export async function stopJobRun(glue: GlueClient, handle: GlueHandle): Promise<void> {
  const { jobName, jobRunId } = handle;
  const command = new BatchStopJobRunCommand({ JobName: jobName, JobRunIds: [jobRunId] });
  const answer = await askGlueFor(`BatchStopJobRun ${jobRunId}`, glue.send(command));
  const refusal = answer?.Errors?.find((error) => error.JobRunId === jobRunId);
  if (refusal === undefined) return;
  const run = await readJobRun(glue, jobName, jobRunId);
  if (run === undefined || !mayRun(run) || run.JobRunState === 'STOPPING') return;
  const { ErrorCode = '', ErrorMessage = 'it gives no reason' } = refusal.ErrorDetail ?? {};
  const problem = `${ErrorCode} ${ErrorMessage}`.trim().replace(/\.$/, '');
  throw new SluiceError('GLUE_STOP_REFUSED', { run: jobRunId, problem });
}
