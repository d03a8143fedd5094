import type { PipelineInView } from '../pipeline/judge-move.ts';
import type { Service } from '../pipeline/service.ts';
import { legalActions } from '../store/run-state.ts';
import type { RunRecord } from '../store/run-store.ts';
import { type ProgressSign, readProgress } from '../watch/job-signs.ts';
import { describeProgress } from '../watch/run-progress.ts';
import { describeRun } from './describe-run.ts';

/** A pipeline as lists show it. */
export function describePipeline({ pipeline, observed }: PipelineInView) {
  const { name, revision, target, desired, createdAt, changedAt } = pipeline;
  return { name, revision, target, desired, observed, createdAt, changedAt };
}

/** Everything that is known of a pipeline now. */
export async function describeStatus(service: Service, view: PipelineInView) {
  const { pipeline, run, observed } = view;
  const progress = run && (await progressOf(service, run));
  const merge = service.merges.progress(pipeline.name);
  return {
    name: pipeline.name,
    revision: pipeline.revision,
    target: pipeline.target,
    desired: pipeline.desired,
    observed,
    actions: [...legalActions(observed.state)],
    ...(run ? { run: describeRun(run) } : {}),
    ...(progress ? { progress: describeProgress(progress) } : {}),
    ...(merge ? { merge } : {}),
  };
}

/** Without it the status is still worth an answer; why it cannot be read is in the observed state. */
async function progressOf(
  { storage }: Service,
  { controlFolder, id }: RunRecord,
): Promise<ProgressSign | undefined> {
  return readProgress({ storage, folder: controlFolder, runId: id }).catch(() => undefined);
}
