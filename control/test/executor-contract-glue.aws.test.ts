import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteJobCommand, GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { startAwsEmulator } from '../../infra/src/aws-emulator.ts';
import type { DriverRequest } from '../src/executors/executor.ts';
import { openGlue } from '../src/executors/open-glue.ts';
import { usualTargets } from '../src/spec/target-settings.ts';
import { openS3 } from '../src/storage/s3-client.ts';
import { projectRoot } from './architecture/project-files.ts';
import { type ContractPlace, holdToContract, type JobBehaviour } from './executor-contract.ts';
import { takeAwsVariables } from './fixtures/glue-stage.ts';
import { waitUntil } from './fixtures/wait-until.ts';

const runtimeFile = join(projectRoot, '.sluice/runtime.json');
const jobName = 'sluice-contract';

const jobs: Readonly<Record<JobBehaviour, string>> = {
  lives: `import time
for number in range(300):
    print(f"line {number}", flush=True)
time.sleep(600)
`,
  fails: 'import sys\nsys.exit(3)\n',
  works: `from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("contract").getOrCreate()
print(f"Spark counted {spark.range(1000).repartition(2).count()} rows", flush=True)
spark.stop()
`,
};

/** As Spark's driver says it. */
const failure = expect.objectContaining({ code: 'GLUE_RUN_FAILED' });

holdToContract('AWS Glue', async (): Promise<ContractPlace> => {
  const giveBack = takeAwsVariables();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-contract-'));
  const emulator = await startAwsEmulator({ folder: join(folder, 'aws'), runtimeFile });
  Object.assign(process.env, emulator.environment);
  const aws = { region: 'us-east-1', endpoint: emulator.endpoint };
  await openS3(aws).send(new CreateBucketCommand({ Bucket: 'lake' }));
  const glue = new GlueClient(aws);
  const runsOf = async (runId: string) => {
    const { JobRuns } = await glue.send(new GetJobRunsCommand({ JobName: jobName }));
    return (JobRuns ?? []).filter((run) => run.Arguments?.['--run-id'] === runId);
  };
  const makeExecutor = () => openGlue(aws, 'sluice-job');
  return {
    makeExecutor,
    request: async (runId, behaviour) => makeRequest(join(folder, runId), runId, behaviour),
    countStarts: async (runId) => (await runsOf(runId)).length,
    hideDriver: async (handle) => {
      const nobody = { region: 'us-east-1', endpoint: 'http://127.0.0.1:9' };
      return { executor: openGlue(nobody, 'sluice-job'), handle };
    },
    vanish: async (handle) => {
      await makeExecutor().kill(handle, 'force');
      const ended = async () => (await runsOf(handle.runId))[0]?.JobRunState === 'STOPPED';
      await waitUntil('the end', ended, 60_000);
      await glue.send(new DeleteJobCommand({ JobName: jobName }));
    },
    seen: {
      failed: { kind: 'failed', why: failure },
      terminated: { kind: 'stopped', why: expect.stringMatching(/./) },
    },
    deadlineMs: 120_000,
    close: async () => {
      await emulator.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      giveBack();
    },
  };
});

function makeRequest(folder: string, runId: string, behaviour: JobBehaviour): DriverRequest {
  mkdirSync(folder, { recursive: true });
  const jobFile = join(folder, 'job.py');
  writeFileSync(jobFile, jobs[behaviour]);
  return {
    ...{ runId, pipeline: 'contract', target: 'glue', objectStorage: true, jobFile },
    ...{ runFolder: folder, generation: 1, workFolder: 's3://lake/work', environment: {} },
    ...{ targets: usualTargets },
    controlFolder: `s3://lake/work/control/${runId}`,
  };
}
