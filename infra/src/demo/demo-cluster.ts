import { join } from 'node:path';
import { type SparkCluster, startSparkCluster } from '../spark-cluster.ts';
import type { DemoPlaces } from './demo-places.ts';
import type { ProcessLedger, ProcessName } from './process-ledger.ts';

/**
 * A master and two workers of one core each. They outlive this process, because drivers must be stopped before their
 * executors, and are in the ledger, so that whoever clears away ends them.
 */
export async function startDemoCluster(
  places: DemoPlaces,
  ledger: ProcessLedger,
): Promise<SparkCluster> {
  return startSparkCluster({
    folder: places.cluster,
    workers: 2,
    runtimeFile: join(places.root, '.sluice/runtime.json'),
    outlivesParent: true,
    onStart: (name, pid) => ledger.add(name as ProcessName, pid),
  });
}

/** The settings that lead the control service to the cluster. */
export function clusterEnvironment({ master, masterUi }: SparkCluster) {
  return { SLUICE_SPARK_MASTER: master, SLUICE_SPARK_MASTER_UI: masterUi };
}
