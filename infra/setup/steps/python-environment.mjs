import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython } from '../host-python.mjs';
import { runCommand } from '../run-command.mjs';
import { placesIn } from './places.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

/**
 * A Python environment that a step makes anew.
 * @typedef {object} EnvironmentPlan
 * @property {string} step title, for errors
 * @property {string} environment its folder
 * @property {readonly (readonly string[])[]} installs arguments of `pip install`, one call each, in this order
 */

/**
 * Throws PYTHON_MISSING and its like, or what runCommand throws.
 * @param {SetupContext} context
 * @param {EnvironmentPlan} plan
 * @returns {Promise<void>}
 */
export async function makeEnvironment(context, { step, environment, installs }) {
  const host = findPython(context.env);
  await rm(environment, { recursive: true, force: true });
  const venv = { client: 'venv', file: host.command, args: ['-m', 'venv', environment] };
  await run(context, step, venv);
  // Building Spark's package takes a gigabyte for a minute; it belongs on the project's disk, not in a small /tmp.
  const temporary = join(placesIn(context.folder).temporary, 'pip');
  const python = join(environment, 'bin', 'python3');
  for (const what of installs) {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const args = ['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--no-input', ...what];
    await run(context, step, { client: 'pip', file: python, args, temporary });
  }
  await rm(temporary, { recursive: true, force: true });
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {string} where a list of packages is
 */
export function requirements(root, file) {
  return join(root, 'infra', 'setup', file);
}

/**
 * @param {SetupContext} context
 * @param {string} step
 * @param {{ client: string, file: string, args: readonly string[], temporary?: string }} command
 */
async function run(context, step, { client, file, args, temporary }) {
  await runCommand(context.folder, {
    step,
    client,
    file,
    args,
    env: {
      ...withoutPythonSettings(context.env),
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      ...(temporary === undefined ? {} : { TMPDIR: temporary }),
    },
    cwd: context.root,
  });
}

/**
 * Settings that would send packages elsewhere, or bring a foreign library path into the new environment.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function withoutPythonSettings(env) {
  const misleading = new Set([
    ...['PYTHONHOME', 'PYTHONPATH', 'VIRTUAL_ENV', 'PIP_USER', 'PIP_TARGET', 'PIP_PREFIX'],
    ...['PIP_ROOT', 'PIP_NO_BUILD_ISOLATION', 'PIP_ONLY_BINARY', 'PIP_DRY_RUN'],
  ]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.has(name)));
}
