import { SluiceError } from '../errors/sluice-error.ts';
import { legalActions, legalMoves, type PipelineAction, type Verdict } from '../store/run-state.ts';
import type { PipelineRecord, RunRecord } from '../store/run-store.ts';
import { limitsOfRun } from '../watch/limits-of-run.ts';
import { type ObservedPipeline, observePipeline } from '../watch/observe-pipeline.ts';
import type { Service } from './service.ts';

export interface PipelineInView {
  readonly pipeline: PipelineRecord;
  readonly run?: RunRecord;
  readonly observed: ObservedPipeline;
}

/** A pipeline with its newest run and what is seen of it. Throws PIPELINE_UNKNOWN. */
export function viewPipeline(service: Service, name: string): PipelineInView {
  const pipeline = service.store.pipeline(name);
  if (!pipeline) throw new SluiceError('PIPELINE_UNKNOWN', { name });
  const run = service.store.latestRun(name);
  const { watch } = service.config;
  const seenAt = run && service.watcher.seenAt(run.id);
  const observed = observePipeline(pipeline, run, {
    now: service.now(),
    ...(seenAt ? { seenAt } : {}),
    staleMs: (run ? limitsOfRun(run, watch) : watch).silenceMs,
  });
  return { pipeline, ...(run ? { run } : {}), observed };
}

/** What the table of legal moves says of an action now. Throws MOVE_REFUSED with the legal ones. */
export function judgeMove(
  view: PipelineInView,
  action: PipelineAction,
): Exclude<Verdict, 'refuse'> {
  const { state } = view.observed;
  const verdict = legalMoves[state][action];
  if (verdict !== 'refuse') return verdict;
  const legal = legalActions(state).join(', ');
  throw new SluiceError('MOVE_REFUSED', { name: view.pipeline.name, state, action, legal });
}
