import { checkJava, checkNode, checkNpm, checkPython } from './checks/language-checks.mjs';
import {
  checkClock,
  checkDisk,
  checkFolder,
  checkMemory,
  checkOpenFiles,
} from './checks/machine-checks.mjs';
import { checkPort } from './checks/port-check.mjs';
import { SetupError } from './setup-errors.mjs';

/** @typedef {import('./checks/check.mjs').Check} Check */
/** @typedef {import('./perform-steps.mjs').SetupContext} SetupContext */

/** Free space for bringing everything, measured at its highest, and for running with what is there. Bytes. */
export const SETUP_BYTES = 3.2e9;
export const RUN_BYTES = 500e6;
const NODE_MODULES_BYTES = 700e6;
const AWS_BYTES = 900e6;

/**
 * What a program is about to use.
 * @typedef {object} HostNeeds
 * @property {readonly ('node' | 'npm' | 'java' | 'python' | 'memory' | 'open-files' | 'clock' | 'folder')[]} [parts]
 * @property {number} [diskBytes] free on the project's disk
 * @property {readonly import('./checks/port-check.mjs').PortNeed[]} [ports]
 */

/**
 * Looks at this machine without changing it. Set-up, the demo and doctor all ask here, before anything is started.
 * @param {SetupContext} context
 * @param {HostNeeds} needs
 * @returns {Promise<readonly Check[]>} in the order of the needs
 */
export async function checkHost(context, needs) {
  const asked = {
    node: checkNode,
    npm: () => checkNpm(context),
    java: () => checkJava(context),
    python: () => checkPython(context),
    memory: checkMemory,
    'open-files': checkOpenFiles,
    clock: () => checkClock(),
    folder: () => checkFolder(context.root),
  };
  const { parts = [], diskBytes, ports = [] } = needs;
  return Promise.all([
    ...parts.map((part) => asked[part]()),
    ...(diskBytes === undefined ? [] : [checkDisk(context.folder, diskBytes)]),
    ...ports.map((need) => checkPort(need)),
  ]);
}

/**
 * What set-up needs for the steps that it is about to perform.
 * @param {readonly string[]} steps names
 * @returns {HostNeeds & { diskBytes: number }}
 */
export function needsOfSteps(steps) {
  return {
    parts: [
      .../** @type {const} */ (['node', 'folder', 'clock']),
      ...(includesAny(steps, ['node-modules', 'aws-modules'])
        ? /** @type {const} */ (['npm'])
        : []),
      ...(includesAny(steps, ['python', 'aws-python']) || bringsOtherSparks(steps)
        ? /** @type {const} */ (['python'])
        : []),
      ...(steps.some((step) => step !== 'node-modules') ? /** @type {const} */ (['java']) : []),
    ],
    diskBytes: diskFor(steps),
  };
}

/** @param {readonly string[]} steps */
function diskFor(steps) {
  if (steps.includes('python') || bringsOtherSparks(steps)) {
    return SETUP_BYTES;
  }
  if (includesAny(steps, ['aws-python', 'aws-modules', 's3a-jars'])) {
    return AWS_BYTES;
  }
  return steps.includes('node-modules') ? NODE_MODULES_BYTES : RUN_BYTES;
}

/** @param {readonly string[]} steps */
function bringsOtherSparks(steps) {
  return steps.some((step) => step.startsWith('matrix-'));
}

/**
 * @param {readonly string[]} steps
 * @param {readonly string[]} names
 */
function includesAny(steps, names) {
  return names.some((name) => steps.includes(name));
}

/**
 * Throws HOST_NOT_READY with every failed check and what mends it; warnings pass.
 * @param {readonly Check[]} checks
 */
export function refuseUnready(checks) {
  const failed = checks.filter((check) => check.status === 'fail');
  if (failed.length > 0) {
    const problems = failed.map(({ found, wanted, fix }) => `- ${found} ${wanted}\n  -> ${fix}`);
    throw new SetupError('HOST_NOT_READY', { problems: problems.join('\n') });
  }
}
