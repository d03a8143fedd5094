import type { DriverRequest } from '../executors/executor.ts';
import type { GeneratedJob } from '../generate/generate-job.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { isObjectPath } from '../storage/place.ts';
import type { RunIntent } from '../store/run-store.ts';
import type { Target } from '../target.ts';
import { checkCollisions } from './check-collisions.ts';
import { needsObjectStorage } from './object-storage-need.ts';
import { type Generation, type LayoutFolders, layOutRun } from './run-layout.ts';

/** One step from the accepted intent to the running driver, as data. The driver itself takes the lease. */
export type LaunchStep =
  | { readonly do: 'make-folders'; readonly folders: readonly string[] }
  | { readonly do: 'write-job'; readonly file: string; readonly text: string }
  /** Adopts a live driver of this run if there is one, and records the handle. */
  | { readonly do: 'start-driver'; readonly request: DriverRequest };

export interface PlanInput {
  readonly runId: string;
  readonly target: Target;
  readonly generation: number;
  readonly pipeline: Pipeline;
  readonly job: GeneratedJob;
  readonly folders: LayoutFolders;
  /** The variables a spec may refer to. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Everything a start will do, decided before any of it is done; a preview prints it. */
export interface RunPlan {
  readonly runId: string;
  /** The pair whose halves must belong together before the start is accepted; absent for sinks that keep nothing. */
  readonly generation?: Generation;
  /** Written durably before anything is started. */
  readonly intent: RunIntent;
  /** May be repeated from the beginning after a crash. */
  readonly launch: readonly LaunchStep[];
}

/** Turns a pipeline and its job into the ordered steps of one run. Pure. Throws TARGET_PATH and PATH_COLLISION. */
export function planRun(input: PlanInput): RunPlan {
  const { runId, target, pipeline, folders } = input;
  const { workFolder } = folders;
  checkCollisions(pipeline, workFolder);
  const layout = layOutRun(folders, pipeline, { id: runId, generation: input.generation });
  const { generation, runFolder, jobFile, controlFolder } = layout;
  const intent = { id: runId, pipeline: pipeline.name, controlFolder };
  const request = {
    runId,
    pipeline: pipeline.name,
    target,
    targets: pipeline.targets,
    objectStorage: needsObjectStorage(pipeline, { target, workFolder }),
    jobFile,
    runFolder,
    controlFolder,
    generation: input.generation,
    workFolder,
    environment: referredTo(input),
  };
  return {
    runId,
    ...(generation ? { generation } : {}),
    intent,
    launch: [
      // Buckets have none to make.
      {
        do: 'make-folders',
        folders: [runFolder, controlFolder].filter((folder) => !isObjectPath(folder)),
      },
      { do: 'write-job', file: jobFile, text: input.job.text },
      { do: 'start-driver', request },
    ],
  };
}

/** The values of exactly the variables that the spec refers to. */
function referredTo({ job, pipeline, environment }: PlanInput): Readonly<Record<string, string>> {
  const names = new Set([...job.environment, ...pipeline.environment.map(({ name }) => name)]);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.has(name)));
}
