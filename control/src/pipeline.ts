import { rm } from 'node:fs/promises';
import type { Config } from './config.ts';
import { SluiceError } from './errors/sluice-error.ts';
import { generateJob } from './generate/generate-job.ts';
import { type LintResult, lintSpec } from './lint/lint-spec.ts';
import { checkRuntime, checkTarget } from './pipeline/check-target.ts';
import { judgeMove, viewPipeline } from './pipeline/judge-move.ts';
import type { Service } from './pipeline/service.ts';
import type { Pipeline, RestartClause } from './spec/pipeline.ts';
import type { PipelineRecord, RunRecord } from './store/run-store.ts';
import { type PlanInput, planRun, type RunPlan } from './submit/plan-run.ts';
import { type LayoutFolders, runFolderOf } from './submit/run-layout.ts';
import { acceptRun, launchRun, newRunId } from './submit/submit-run.ts';
import type { Target } from './target.ts';

/*
 * The way of a pipeline, in the order it goes: read and lint its spec, generate the job, plan the run, submit it,
 * watch it, merge what it writes. HTTP and CLI call these functions and decide nothing themselves.
 */

/** 1 and 2. Reads and lints a spec text. Says everything as findings. */
export function checkSpec(config: Config, text: string | Uint8Array): LintResult {
  const { roots, workFolder, environment } = config;
  return lintSpec(text, { roots, workFolder, environment });
}

export interface AppliedText {
  readonly name: string;
  readonly text: string;
  readonly ifRevision?: number;
  /** Where runs shall be started. Without it: where they were before, at first on this machine. */
  readonly target?: Target;
}

/**
 * Keeps a checked spec under its name. Throws NAME_DIFFERS, REVISION_DIFFERS when it is no longer at the wanted
 * revision, and MOVE_REFUSED for a change while a driver may run; the same text again is always accepted.
 */
export function applyPipeline(
  service: Service,
  pipeline: Pipeline,
  spec: AppliedText,
): { readonly record: PipelineRecord; readonly isNew: boolean } {
  const { name, text, ifRevision } = spec;
  if (pipeline.name !== name) {
    throw new SluiceError('NAME_DIFFERS', { inSpec: pipeline.name, inPath: name });
  }
  const known = service.store.pipeline(name);
  if (ifRevision !== undefined && ifRevision !== known?.revision) {
    const current = known?.revision ?? 'no revision';
    throw new SluiceError('REVISION_DIFFERS', { wanted: ifRevision, current });
  }
  const target = spec.target ?? known?.target ?? 'local';
  const isChange = known?.spec !== text || known.target !== target;
  if (known && isChange) judgeMove(viewPipeline(service, name), 'apply');
  const applied = { spec: text, target };
  const record = service.store.savePipeline(name, applied, service.now().toISOString());
  return { record, isNew: known === undefined };
}

export type GeneratedPipeline = Pick<PlanInput, 'pipeline' | 'job'>;

/** 3. The job of a pipeline that was applied. Throws PIPELINE_UNKNOWN or SPEC_REFUSED. */
export function generatePipeline(service: Service, name: string): GeneratedPipeline {
  const pipeline = readApplied(service.config, viewPipeline(service, name).pipeline);
  return { pipeline, job: generateJob(pipeline) };
}

/** Which start of a spec is planned. */
export type PlannedStart = Pick<PlanInput, 'runId' | 'target' | 'generation'>;

/** 4. The steps of one run, which submit performs and `sluice plan` prints. Throws TARGET_PATH. */
export function planSpec(
  config: Config,
  generated: GeneratedPipeline,
  start: PlannedStart,
): RunPlan {
  const folders = foldersFor(config, start.target);
  return planRun({ ...generated, ...start, folders, environment: config.environment });
}

function planPipeline(service: Service, name: string, runId: string): RunPlan {
  const { generation, target } = viewPipeline(service, name).pipeline;
  const start = { runId, target, generation };
  return planSpec(service.config, generatePipeline(service, name), start);
}

/**
 * 5. Starts a pipeline. When this returns the intent is on disk, and the watcher starts the driver. A pipeline
 * that runs already gives its run: two starts start one. Throws MOVE_REFUSED, TARGET_UNCONFIGURED, TARGET_PATH, NOT_SET_UP, S3A_NOT_SET_UP,
 * LEASE_HELD, CHECKPOINT_ALONE, OUTPUT_ALONE, CHECKPOINT_BROKEN and what generatePipeline throws.
 */
export async function startPipeline(
  service: Service,
  name: string,
): Promise<{ readonly run: RunRecord; readonly isNew: boolean }> {
  const view = viewPipeline(service, name);
  if (judgeMove(view, 'start') === 'already' && view.run) return { run: view.run, isNew: false };
  await checkTarget(service.config, view.pipeline.target, () =>
    readApplied(service.config, view.pipeline),
  );
  const plan = planPipeline(service, name, newRunId());
  checkRuntime(service.config, plan);
  const accepted = await acceptRun(plan, service);
  service.watcher.hurry();
  await followPipeline(service, name);
  return accepted;
}

/** 5 again, after a run that ended: only when nobody has started or stopped it meanwhile. */
export async function resumePipeline(service: Service, name: string): Promise<void> {
  if (viewPipeline(service, name).observed.state !== 'RESTARTING') return;
  const plan = planPipeline(service, name, newRunId());
  checkRuntime(service.config, plan);
  await acceptRun(plan, service);
}

/** What its spec says of restarts. Undefined also for a spec that does not please this Sluice. */
export function readClause(service: Service, name: string): RestartClause | undefined {
  const record = service.store.pipeline(name);
  return record && checkSpec(service.config, record.spec).pipeline?.restart;
}

/** 5, the rest of it: called by the watcher for a run whose intent has no driver yet. May be repeated. */
export async function launchAccepted(service: Service, run: RunRecord): Promise<void> {
  await launchRun(planPipeline(service, run.pipeline, run.id), service);
}

/**
 * 6. Wants a pipeline stopped; the watcher does it: marker, then SIGTERM, then SIGKILL. False when nothing ran.
 * Throws PIPELINE_UNKNOWN.
 */
export function stopPipeline(service: Service, name: string): boolean {
  const view = viewPipeline(service, name);
  const verdict = judgeMove(view, 'stop');
  if (view.pipeline.desired !== 'STOPPED') {
    service.store.setDesired(name, 'STOPPED', service.now().toISOString());
  }
  service.watcher.hurry();
  return verdict === 'do';
}

/** 7. Merges what a pipeline has written and will write, when its spec asks for it. */
export async function followPipeline(service: Service, name: string): Promise<void> {
  const { pipeline, job } = generatePipeline(service, name);
  const { generation, target } = viewPipeline(service, name).pipeline;
  const folders = foldersFor(service.config, target);
  await service.merges.follow({ pipeline, columns: job.columns, generation, folders });
}

/** Forgets a pipeline and its runs. Its data, checkpoint and merged file stay. Throws MOVE_REFUSED. */
export async function removePipeline(service: Service, name: string): Promise<void> {
  judgeMove(viewPipeline(service, name), 'delete');
  await service.merges.stop(name);
  const runs = service.store.removePipeline(name, service.now().toISOString());
  for (const id of runs) {
    await rm(runFolderOf(service.config, id), { recursive: true, force: true });
  }
}

/** Relative paths of a spec start where the target's drivers can reach them. */
function foldersFor({ stateFolder, workFolder, glue }: Config, target: Target): LayoutFolders {
  return { stateFolder, workFolder: (target === 'glue' ? glue.folder : undefined) ?? workFolder };
}

/** A spec that was accepted by an older Sluice may not please this one. */
function readApplied(config: Config, record: PipelineRecord): Pipeline {
  const { pipeline, findings } = checkSpec(config, record.spec);
  if (pipeline) return pipeline;
  throw new SluiceError('SPEC_REFUSED', { count: findings.length });
}
