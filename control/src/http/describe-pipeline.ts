import type { PipelineInView } from '../pipeline/judge-move.ts';
import type { Service } from '../pipeline/service.ts';
import { legalActions } from '../store/run-state.ts';
import { readSigns } from '../watch/job-signs.ts';
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
  const progress = run && (await readSigns(run.controlFolder, run.id)).progress;
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
