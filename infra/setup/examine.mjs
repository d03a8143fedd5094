import { checkHost, needsOfSteps } from './check-host.mjs';
import { pass, refuse } from './checks/check.mjs';
import { checkNpmRegistry, checkPipIndex } from './checks/network-checks.mjs';
import { allSteps, awsSteps } from './ensure-set-up.mjs';
import { stateOf } from './perform-steps.mjs';
import { SetupError } from './setup-errors.mjs';

/** @typedef {import('./checks/check.mjs').Check} Check */
/** @typedef {import('./perform-steps.mjs').SetupContext} SetupContext */
/** @typedef {import('./perform-steps.mjs').Step} Step */

const DEFAULT_PORT = 8350;
const DEFAULT_KAFKA_PORT = 9092;

/**
 * Every check that Sluice knows, for this machine and this folder.
 * @param {SetupContext} context
 * @returns {Promise<readonly Check[]>}
 */
export async function examine(context) {
  const steps = [...new Set(allSteps)].map((step) => checkStep(step, context));
  const missing = steps
    .filter((check) => check.status !== 'pass')
    .map((check) => check.id.replace('set-up-', ''));
  const host = checkHost(context, {
    parts: ['node', 'npm', 'java', 'python', 'folder', 'memory', 'open-files', 'clock'],
    diskBytes: needsOfSteps(missing).diskBytes,
    ports: portsOf(context.env),
  });
  const network = Promise.all([
    ...(missing.includes('node-modules') ? [checkNpmRegistry(context)] : []),
    ...(missing.includes('python') ? [checkPipIndex(context)] : []),
  ]);
  const shown = (await host).map((check) => forgiveOwnPort(check, context.root));
  const emulator = awsSteps.map((step) => checkAwsStep(step, context));
  return [...shown, ...steps, ...emulator, ...(await network)];
}

/**
 * A port that Sluice itself holds is taken only for a second Sluice.
 * @param {Check} check
 * @param {string} root
 * @returns {Check}
 */
function forgiveOwnPort(check, root) {
  const isOwn = check.group === 'Ports' && check.status === 'fail' && check.found.includes(root);
  return isOwn ? { ...check, status: 'warn' } : check;
}

const problems = {
  failed: 'failed at the last set-up',
  missing: 'not there yet',
  outdated: 'out of date',
};

/**
 * A missing step only warns: the first command that needs it performs it.
 * @param {Step} step
 * @param {SetupContext} context
 * @returns {Check}
 */
function checkStep(step, context) {
  const question = { id: `set-up-${step.name}`, group: 'Set-up', wanted: step.title };
  const state = stateOrMissing(step, context);
  return state === 'done'
    ? pass(question, `${step.title}: there`)
    : refuse(
        question,
        'warn',
        new SetupError('NOT_SET_UP', { step: step.title, problem: problems[state] }),
      );
}

/**
 * Not to have the AWS part is no fault: only its tests and its demo need it, and they bring it.
 * @param {Step} step
 * @param {SetupContext} context
 * @returns {Check}
 */
function checkAwsStep(step, context) {
  const wanted = 'only needed by the AWS emulator';
  const question = { id: `set-up-${step.name}`, group: 'AWS emulator', wanted };
  const state = stateOrMissing(step, context);
  if (state === 'done') {
    return pass(question, `${step.title}: there`);
  }
  return state === 'missing'
    ? pass(question, `${step.title}: not there; what needs it brings it`)
    : refuse(
        question,
        'warn',
        new SetupError('PART_NOT_WHOLE', { step: step.title, problem: problems[state] }),
      );
}

/**
 * @param {Step} step
 * @param {SetupContext} context
 */
function stateOrMissing(step, context) {
  try {
    return stateOf(step, context);
  } catch {
    return 'missing';
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {readonly import('./checks/port-check.mjs').PortNeed[]}
 */
function portsOf(env) {
  return [
    {
      port: Number(env.SLUICE_PORT || DEFAULT_PORT),
      purpose: 'control API',
      setting: 'SLUICE_PORT',
    },
    {
      port: Number(env.SLUICE_KAFKA_PORT || DEFAULT_KAFKA_PORT),
      purpose: "the demo's Kafka",
      setting: 'SLUICE_KAFKA_PORT',
    },
  ];
}
