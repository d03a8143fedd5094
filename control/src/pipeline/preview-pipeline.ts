import type { Config } from '../config.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { compareJobDefinition, type FieldChange } from '../executors/compare-job-definition.ts';
import type { DriverRequest } from '../executors/executor.ts';
import { type GlueRunPlan, planGlueRun } from '../executors/plan-glue-run.ts';
import { readRuntime } from '../executors/runtime.ts';
import { sparkSubmitCommand } from '../executors/spark-submit-arguments.ts';
import { standaloneCommand } from '../executors/standalone-arguments.ts';
import { clusterPlace } from '../executors/standalone-spark-submit.ts';
import { generateJob } from '../generate/generate-job.ts';
import { planSpec } from '../pipeline.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { type CostEstimate, estimateGlueCost } from '../submit/estimate-glue-cost.ts';
import type { RunPlan } from '../submit/plan-run.ts';
import { type PreviewStep, previewRun } from '../submit/preview-run.ts';
import type { Target } from '../target.ts';
import { checkRuntime, checkTarget } from './check-target.ts';

/** What a start would do, in order, with what it would cost where that can be told. */
export interface PlanPreview {
  readonly pipeline: string;
  readonly target: Target;
  readonly steps: readonly PreviewStep[];
  readonly glue?: GluePreview;
  readonly cost?: CostEstimate;
}

/** What becomes of the job at AWS Glue. */
export interface GluePreview extends GlueRunPlan {
  readonly job: 'create' | 'update' | 'keep' | 'unknown';
  readonly changes: readonly FieldChange[];
  /** Why it could not be looked at, with `unknown`. */
  readonly why?: string;
}

/**
 * Plans the first start of a spec without doing any of it, by the same plan that a start performs; the run's name
 * alone is left open. Throws what a start throws before it is accepted.
 */
export async function previewPipeline(
  config: Config,
  pipeline: Pipeline,
  target: Target,
): Promise<PlanPreview> {
  await checkTarget(config, target, () => pipeline);
  const generated = { pipeline, job: generateJob(pipeline) };
  const plan = planSpec(config, generated, { target, generation: 1, runId: 'RUN-ID' });
  checkRuntime(config, plan);
  const preview = { pipeline: pipeline.name, target };
  if (target === 'glue') return { ...preview, ...(await previewOnGlue(config, pipeline, plan)) };
  return { ...preview, steps: previewRun(plan, (request) => commandSteps(config, request)) };
}

async function previewOnGlue(config: Config, pipeline: Pipeline, plan: RunPlan) {
  const { request, job } = startOf(plan);
  const { version, workers, ...asked } = request.targets.glue;
  const settings = { region: config.aws.region, role: config.glue.role ?? '' };
  const run = planGlueRun(request, Buffer.from(job), settings);
  const glue = { ...run, ...(await lookAtJob(config, run)) };
  return {
    steps: previewRun(plan, () => glueSteps(glue)),
    glue,
    cost: estimateGlueCost({
      version,
      workerType: asked['worker-type'],
      workers,
      triggerMs: pipeline.triggerMs,
      pollMs: config.watch.objectPollMs,
    }),
  };
}

function startOf({ launch }: RunPlan): { readonly request: DriverRequest; readonly job: string } {
  const request = launch.find((step) => step.do === 'start-driver')?.request;
  const job = launch.find((step) => step.do === 'write-job')?.text;
  if (request && job !== undefined) return { request, job };
  throw new SluiceError('INTERNAL', { problem: 'a plan starts nothing' });
}

/** Without an answer of AWS the rest of the plan is still worth to be read. */
async function lookAtJob(
  { aws }: Config,
  { jobName, definition }: GlueRunPlan,
): Promise<Pick<GluePreview, 'job' | 'changes' | 'why'>> {
  const { readJob } = await import('../executors/apply-job-definition.ts');
  const { openGlueClients } = await import('../executors/glue-clients.ts');
  try {
    const found = await readJob(openGlueClients(aws).glue, jobName);
    const changes = compareJobDefinition(definition, found);
    if (!found) return { job: 'create', changes };
    return { job: changes.length === 0 ? 'keep' : 'update', changes };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return {
      job: 'unknown',
      changes: compareJobDefinition(definition, undefined),
      why: error.message,
    };
  }
}

function glueSteps({
  script,
  jobName,
  job,
  changes,
  ...glue
}: GluePreview): readonly PreviewStep[] {
  const ways = {
    create: 'create the job',
    update: 'change the job',
    keep: 'leave the job as it is:',
    unknown: 'create or change the job',
  };
  const given = Object.entries(glue.arguments).map(([name, value]) => `${name} ${value}`);
  return [
    { do: 'upload the job, and read it again', what: [script] },
    { do: `${ways[job]} ${jobName}`, what: changes.map(showChange) },
    { do: `start a run of ${jobName}`, what: given },
  ];
}

function showChange({ field, from, to }: FieldChange): string {
  if (from === undefined) return `${field}: ${to}`;
  return `${field}: ${from} -> ${to ?? 'nothing'}`;
}

function commandSteps(config: Config, request: DriverRequest): readonly PreviewStep[] {
  const words = driverCommand(config, request);
  return [{ do: 'start a driver that outlives the service', what: byOption(words) }];
}

function driverCommand(config: Config, request: DriverRequest): readonly string[] {
  const { driver, aws } = config;
  const runtime = readRuntime(config.runtimeFile);
  const place = request.target === 'standalone' ? clusterPlace(config.standalone) : undefined;
  return place
    ? standaloneCommand(request, runtime, { place, wish: request.targets.standalone, aws })
    : sparkSubmitCommand(request, runtime, { ...driver, aws });
}

/** A line for each option with its value. */
function byOption(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const follows = index > 0 && !word.startsWith('--') && words[index - 1]?.startsWith('--');
    if (follows) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}
