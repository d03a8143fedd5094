import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkHost, needsOfSteps, refuseUnready } from './check-host.mjs';
import { needsWork, performSteps } from './perform-steps.mjs';
import { endOrphan, endRunningCommands } from './run-command.mjs';
import { takeLock } from './setup-lock.mjs';
import { awsModulesStep } from './steps/aws-modules.mjs';
import { awsPythonStep } from './steps/aws-python.mjs';
import { classDataStep } from './steps/class-data.mjs';
import { jarsStep } from './steps/jars.mjs';
import { matrixSteps } from './steps/matrix.mjs';
import { nodeModulesStep } from './steps/node-modules.mjs';
import { pythonStep } from './steps/python.mjs';
import { pythonPathStep } from './steps/python-path.mjs';
import { runtimeStep } from './steps/runtime.mjs';
import { s3aJarsStep } from './steps/s3a-jars.mjs';

/** @typedef {import('./perform-steps.mjs').SetupContext} SetupContext */
/** @typedef {import('./perform-steps.mjs').Step} Step */

const LOCK_WAIT_MS = 30 * 60_000;

/**
 * Everything set-up does, in order. What can run Spark is described as soon as it is there, and once more with the
 * archive: a set-up that is interrupted while making the archive leaves a machine that works.
 * @type {readonly Step[]}
 */
export const allSteps = [
  nodeModulesStep,
  pythonStep,
  pythonPathStep,
  jarsStep,
  runtimeStep,
  classDataStep,
  runtimeStep,
];

/** What the AWS emulator needs besides, and nothing else does. @type {readonly Step[]} */
export const awsSteps = [s3aJarsStep, awsPythonStep, awsModulesStep];

/**
 * Parts that not everybody needs, by the name that `--with` takes. The runtime is described once more at the end.
 * @type {Readonly<Record<string, readonly Step[]>>}
 */
export const extraParts = { aws: [...awsSteps, runtimeStep], matrix: matrixSteps };

/** What programs need that only run Node. @type {readonly Step[]} */
export const nodeSteps = [nodeModulesStep];

/**
 * @typedef {object} SetupOptions
 * @property {readonly Step[]} [steps]
 * @property {boolean} [retryFailed] try again what failed before though set-up can do without it
 * @property {number} [waitMs] for another set-up of the same folder
 * @property {(steps: readonly Step[], context: SetupContext) => Promise<void>} [checkFirst] throws when the machine
 *   is not ready for these steps; looks at the real machine when absent
 */

/**
 * @param {string} root the project's folder
 * @returns {SetupContext}
 */
export function contextOf(root) {
  const folder = join(resolve(root), '.sluice');
  return {
    root: resolve(root),
    folder,
    env: process.env,
    say: (line) => process.stderr.write(`set-up: ${line}\n`),
  };
}

/**
 * Performs the steps that are missing or out of date; in milliseconds when there are none. Only one process at a time
 * works in a folder; another one waits and then does what is left.
 * @param {SetupContext} context
 * @param {SetupOptions} [options]
 * @returns {Promise<readonly string[]>} names of the steps performed
 */
export async function ensureSetUp(context, options = {}) {
  const steps = options.steps ?? allSteps;
  const retryFailed = options.retryFailed ?? false;
  const missing = () => steps.filter((step) => isMissing(step, context, retryFailed));
  if (missing().length === 0) {
    return [];
  }
  mkdirSync(context.folder, { recursive: true });
  const release = await takeLock(join(context.folder, 'setup.lock'), {
    waitMs: options.waitMs ?? LOCK_WAIT_MS,
    onWait: (holder) => context.say(`waiting for another set-up (process ${holder.pid}) ...`),
  });
  const stopListening = endCommandsOnSignal();
  try {
    await endOrphan(context.folder);
    await (options.checkFirst ?? checkMachine)(missing(), context);
    return await performSteps(steps, context, { retryFailed });
  } finally {
    stopListening();
    await release();
  }
}

/**
 * @param {readonly Step[]} steps
 * @param {SetupContext} context
 */
async function checkMachine(steps, context) {
  const names = steps.map((step) => step.name);
  refuseUnready(await checkHost(context, needsOfSteps(names)));
}

/**
 * A step whose inputs cannot be told (no Java on this machine) is missing; the checks say why.
 * @param {Step} step
 * @param {SetupContext} context
 * @param {boolean} retryFailed
 */
function isMissing(step, context, retryFailed) {
  try {
    return needsWork(step, context, retryFailed);
  } catch {
    return true;
  }
}

/**
 * Commands of set-up have process groups of their own, so a Ctrl-C in the terminal does not reach them.
 * @returns {() => void} stops listening
 */
function endCommandsOnSignal() {
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    endRunningCommands();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', end);
  return () => {
    process.off('SIGINT', end).off('SIGTERM', end).off('SIGHUP', end);
  };
}
