import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile, identifyFile } from '../fingerprint.mjs';
import { findSparkHome, placesIn } from './places.mjs';
import { makeEnvironment, requirements } from './python-environment.mjs';

/** A Python environment of the project's own, with Spark in it. */
/** @type {import('../perform-steps.mjs').Step} */
export const pythonStep = {
  name: 'python',
  title: 'Python environment with Spark',
  inputs: ({ root }) => ({
    requirements: hashFile(requirements(root, 'requirements.txt')),
    build: hashFile(requirements(root, 'requirements-build.txt')),
    // An environment holds absolute paths, so a moved project needs a new one.
    root,
  }),
  outputs: ({ folder }) => {
    const interpreter = identifyFile(placesIn(folder).python);
    const spark = findSparkHome(folder);
    const submit = spark && identifyFile(join(spark, 'bin', 'spark-submit'));
    return interpreter && submit ? { interpreter, submit } : undefined;
  },
  perform: async (context) => {
    const { environment, runtime } = placesIn(context.folder);
    await rm(runtime, { force: true });
    const spark = ['--no-build-isolation', '--use-pep517'];
    await makeEnvironment(context, {
      step: pythonStep.title,
      environment,
      installs: [
        ['-r', requirements(context.root, 'requirements-build.txt')],
        [...spark, '-r', requirements(context.root, 'requirements.txt')],
      ],
    });
  },
};
