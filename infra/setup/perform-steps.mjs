import { spawnSync } from 'node:child_process';
import { forgetStamp, readStamp, sameFingerprint, writeStamp } from './stamp.mjs';

/** @typedef {import('./stamp.mjs').Fingerprint} Fingerprint */

/**
 * Where set-up works and how it speaks.
 * @typedef {object} SetupContext
 * @property {string} root the project's folder
 * @property {string} folder where everything but node modules goes: `<root>/.sluice`
 * @property {NodeJS.ProcessEnv} env
 * @property {(line: string) => void} say
 */

/**
 * One step of set-up. A step is done when its stamp holds the same inputs and outputs as are there now.
 * @typedef {object} Step
 * @property {string} name names the stamp
 * @property {string} title
 * @property {boolean} [quiet] done in no time, so not worth a line
 * @property {boolean} [optional] set-up goes on without it when it fails
 * @property {(context: SetupContext) => Fingerprint} inputs what it is made of; quick
 * @property {(context: SetupContext) => Fingerprint | undefined} outputs what is there now; quick; undefined when missing
 * @property {(context: SetupContext) => boolean} [isWhole] true when somebody else (a plain `npm ci`) has done the work
 * @property {(context: SetupContext) => Promise<void>} perform
 */

/**
 * @param {Step} step
 * @param {SetupContext} context
 * @returns {'done' | 'failed' | 'missing' | 'outdated'} `failed` only for an optional step
 */
export function stateOf(step, context) {
  const stamp = readStamp(context.folder, step.name);
  if (stamp === undefined) {
    return 'missing';
  }
  if (!sameFingerprint(stamp.inputs, step.inputs(context))) {
    return 'outdated';
  }
  if (stamp.outcome === 'failed') {
    return 'failed';
  }
  return sameFingerprint(stamp.outputs, step.outputs(context)) ? 'done' : 'outdated';
}

/**
 * Performs the steps that are not done, in order.
 * @param {readonly Step[]} steps
 * @param {SetupContext} context
 * @param {{ retryFailed?: boolean }} [options] whether an optional step that failed before is tried again
 * @returns {Promise<readonly string[]>} names of the steps performed
 */
export async function performSteps(steps, context, options = {}) {
  const performed = [];
  for (const step of steps) {
    if (needsWork(step, context, options.retryFailed ?? false)) {
      await performStep(step, context);
      performed.push(step.name);
    }
  }
  return performed;
}

/**
 * @param {Step} step
 * @param {SetupContext} context
 * @param {boolean} retryFailed
 * @returns {boolean}
 */
export function needsWork(step, context, retryFailed) {
  const state = stateOf(step, context);
  return state !== 'done' && !(state === 'failed' && !retryFailed);
}

/**
 * The old stamp goes first and the new one comes last: killed in between, the step is done again.
 * @param {Step} step
 * @param {SetupContext} context
 */
async function performStep(step, context) {
  const inputs = step.inputs(context);
  await forgetStamp(context.folder, step.name);
  let outcome = /** @type {'made' | 'failed'} */ ('made');
  if (!step.isWhole?.(context)) {
    outcome = await performAndTell(step, context);
  }
  const outputs = step.outputs(context) ?? {};
  await writeStamp(context.folder, step.name, {
    outcome,
    at: new Date().toISOString(),
    inputs,
    outputs,
  });
}

/**
 * @param {Step} step
 * @param {SetupContext} context
 * @returns {Promise<'made' | 'failed'>}
 */
async function performAndTell(step, context) {
  const started = performance.now();
  const say = step.quiet ? () => undefined : context.say;
  say(`${step.title} ...`);
  try {
    await step.perform(context);
  } catch (error) {
    if (!step.optional) {
      throw error;
    }
    context.say(`${step.title}: failed, going on without. ${messageOf(error)}`);
    return 'failed';
  }
  flushToDisk(context.folder);
  const seconds = (performance.now() - started) / 1000;
  say(`${step.title}: done in ${seconds.toFixed(1)} s`);
  return 'made';
}

/**
 * Package clients do not fsync, so without this a power cut could leave a stamp beside files of zero bytes.
 * @param {string} folder
 */
function flushToDisk(folder) {
  const linux = process.platform === 'linux';
  spawnSync('sync', linux ? ['-f', folder] : [], { stdio: 'ignore', timeout: 120_000 });
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
