import type { Config } from '../config.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { requireS3aJars } from '../executors/object-storage-access.ts';
import { readRuntime } from '../executors/runtime.ts';
import { checkCluster, clusterPlace } from '../executors/standalone-spark-submit.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import type { RunPlan } from '../submit/plan-run.ts';
import type { Target } from '../target.ts';
import { targetNeeds } from '../target-config.ts';

/**
 * What a target needs must be there before a start is accepted. Throws TARGET_UNCONFIGURED,
 * CLUSTER_UNREACHABLE, CLUSTER_TOO_SMALL or CLUSTER_CORES_TOO_FEW.
 */
export async function checkTarget(
  { glue, standalone }: Config,
  target: Target,
  readPipeline: () => Pipeline,
): Promise<void> {
  const cluster = clusterPlace(standalone);
  const isConfigured = {
    local: true,
    standalone: cluster !== undefined,
    glue: glue.folder !== undefined && glue.role !== undefined,
  };
  if (!isConfigured[target]) {
    throw new SluiceError('TARGET_UNCONFIGURED', { target, settings: targetNeeds[target] });
  }
  if (target === 'standalone' && cluster)
    await checkCluster(readPipeline().targets.standalone, cluster);
}

/** What set-up brings for drivers that are started here. Throws NOT_SET_UP, RUNTIME_INVALID or S3A_NOT_SET_UP. */
export function checkRuntime({ runtimeFile }: Config, { launch }: RunPlan): void {
  for (const step of launch) {
    if (step.do !== 'start-driver' || step.request.target === 'glue') continue;
    const runtime = readRuntime(runtimeFile);
    if (step.request.objectStorage) requireS3aJars(runtime);
  }
}
