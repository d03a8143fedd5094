import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSparkCluster } from '../../infra/src/spark-cluster.ts';
import { readRuntime } from '../src/executors/runtime.ts';
import { standaloneSparkSubmit } from '../src/executors/standalone-spark-submit.ts';
import { projectRoot } from './architecture/project-files.ts';
import { holdToContract } from './executor-contract.ts';
import { openSparkSubmitPlace } from './fixtures/spark-submit-place.ts';

const runtimeFile = join(projectRoot, '.sluice/runtime.json');

holdToContract('a Spark standalone cluster', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cluster-'));
  const cluster = await startSparkCluster({ folder, runtimeFile });
  const { master, masterUi } = cluster;
  const makeExecutor = () =>
    standaloneSparkSubmit({
      runtime: () => readRuntime(runtimeFile),
      place: { master, masterUi },
      aws: { region: 'us-east-1' },
      environment: { PATH: process.env.PATH ?? '' },
    });
  return openSparkSubmitPlace('standalone', makeExecutor, async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
});
