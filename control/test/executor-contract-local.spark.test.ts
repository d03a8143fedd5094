import { join } from 'node:path';
import { localSparkSubmit } from '../src/executors/local-spark-submit.ts';
import { readRuntime } from '../src/executors/runtime.ts';
import { projectRoot } from './architecture/project-files.ts';
import { holdToContract } from './executor-contract.ts';
import { openSparkSubmitPlace } from './fixtures/spark-submit-place.ts';

holdToContract('this machine', async () =>
  openSparkSubmitPlace('local', () =>
    localSparkSubmit({
      runtime: () => readRuntime(join(projectRoot, '.sluice/runtime.json')),
      settings: { memory: '512m', cores: 2, aws: { region: 'us-east-1' } },
      environment: { PATH: process.env.PATH ?? '' },
    }),
  ),
);
