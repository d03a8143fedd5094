import { join } from 'node:path';
import { replaceFile } from '../durable-file.mjs';
import { hashFile } from '../fingerprint.mjs';
import { endOrphan } from '../run-command.mjs';
import { bringJars, inputsOfJars, outputsOfJars } from './ivy-jars.mjs';
import { placesIn } from './places.mjs';
import { pythonStep } from './python.mjs';
import { makeEnvironment, requirements } from './python-environment.mjs';
import { pythonPathStep } from './python-path.mjs';
import { describeRuntime, hashText, readText } from './runtime.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */
/** @typedef {import('../perform-steps.mjs').Step} Step */

/**
 * The Spark versions that the matrix runs beside the one that Sluice uses: 3.5.7 stands for AWS Glue 5.0 and 5.1, 4.2.0
 * is the newest whose Kafka connector can be had.
 */
export const matrixVersions = ['3.5.7', '4.2.0'];

/**
 * A set-up folder of its own for each version, with Spark, its Kafka connector, and a runtime.json that takes the Kafka
 * broker from the project's.
 * @type {readonly Step[]}
 */
export const matrixSteps = matrixVersions.flatMap((version) =>
  [environmentStep(version), pythonPathStep, jarsStep(version), runtimeStep()].map((step) =>
    within(version, step),
  ),
);

/**
 * @param {string} folder of set-up
 * @param {string} version
 */
function folderOf(folder, version) {
  return join(folder, 'matrix', version);
}

/**
 * The same step, at work in the folder of a version. Its stamp stays with the others.
 * @param {string} version
 * @param {Step} step
 * @returns {Step}
 */
function within(version, step) {
  /** @param {SetupContext} context */
  const inside = (context) => ({ ...context, folder: folderOf(context.folder, version) });
  return {
    ...step,
    name: `matrix-${version}-${step.name}`,
    title: `${step.title} ${version}`,
    inputs: (context) => step.inputs(inside(context)),
    outputs: (context) => step.outputs(inside(context)),
    perform: async (context) => {
      await endOrphan(inside(context).folder);
      await step.perform(inside(context));
    },
  };
}

/**
 * @param {string} version
 * @returns {Step}
 */
function environmentStep(version) {
  const file = `requirements-spark-${version}.txt`;
  return {
    ...pythonStep,
    title: 'Python environment with Spark',
    inputs: (context) => ({
      ...pythonStep.inputs(context),
      requirements: hashFile(requirements(context.root, file)),
    }),
    perform: (context) =>
      makeEnvironment(context, {
        step: `Spark ${version}`,
        environment: placesIn(context.folder).environment,
        installs: [
          ['-r', requirements(context.root, 'requirements-build.txt')],
          ['--no-build-isolation', '--use-pep517', '-r', requirements(context.root, file)],
        ],
      }),
  };
}

/**
 * @param {string} version
 * @returns {Step}
 */
function jarsStep(version) {
  /** @type {import('./ivy-jars.mjs').JarSet} */
  const set = {
    title: "Jars of Spark's Kafka connector",
    ivy: `ivy-spark-${version}.xml`,
    hashes: `jars-spark-${version}.sha256`,
    configurations: ['spark'],
  };
  return {
    name: 'jars',
    title: set.title,
    inputs: (context) => inputsOfJars(context, set),
    outputs: (context) => outputsOfJars(context, set),
    perform: (context) => bringJars(context, set),
  };
}

/** @returns {Step} */
function runtimeStep() {
  return {
    name: 'runtime',
    title: 'Description of Spark',
    quiet: true,
    inputs: (context) => ({ text: hashText(describeWithBroker(context)) }),
    outputs: ({ folder }) => {
      const text = readText(placesIn(folder).runtime);
      return text === undefined ? undefined : { text: hashText(text) };
    },
    perform: (context) =>
      replaceFile(placesIn(context.folder).runtime, describeWithBroker(context)),
  };
}

/**
 * @param {SetupContext} context of a version
 * @returns {string}
 */
function describeWithBroker(context) {
  const own = JSON.parse(describeRuntime(context));
  const project = readText(placesIn(join(context.folder, '..', '..')).runtime);
  const { kafka } = JSON.parse(project ?? '{}');
  return `${JSON.stringify({ ...own, kafka }, null, 2)}\n`;
}
