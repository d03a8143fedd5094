import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile, identifyFile } from '../fingerprint.mjs';
import { findPython } from '../host-python.mjs';
import { runCommand } from '../run-command.mjs';
import { findSparkHome, placesIn } from './places.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

/** A Python environment of the project's own, with Spark in it. */
/** @type {import('../perform-steps.mjs').Step} */
export const pythonStep = {
  name: 'python',
  title: 'Python environment with Spark',
  inputs: ({ root }) => ({
    requirements: hashFile(manifest(root, 'requirements.txt')),
    build: hashFile(manifest(root, 'requirements-build.txt')),
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
    const python = findPython(context.env);
    const { environment, runtime } = placesIn(context.folder);
    await rm(runtime, { force: true });
    await rm(environment, { recursive: true, force: true });
    await run(context, 'venv', { file: python.command, args: ['-m', 'venv', environment] });
    await install(context, ['-r', manifest(context.root, 'requirements-build.txt')]);
    const spark = ['--no-build-isolation', '--use-pep517'];
    await install(context, [...spark, '-r', manifest(context.root, 'requirements.txt')]);
  },
};

/**
 * @param {SetupContext} context
 * @param {readonly string[]} what
 */
async function install(context, what) {
  // Building Spark's package takes a gigabyte for a minute; it belongs on the project's disk, not in a small /tmp.
  const temporary = join(placesIn(context.folder).temporary, 'pip');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const args = ['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--no-input', ...what];
  await run(context, 'pip', { file: placesIn(context.folder).python, args, temporary });
  await rm(temporary, { recursive: true, force: true });
}

/**
 * @param {SetupContext} context
 * @param {string} client
 * @param {{ file: string, args: readonly string[], temporary?: string }} command
 */
async function run(context, client, { file, args, temporary }) {
  await runCommand(context.folder, {
    step: pythonStep.title,
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

/**
 * @param {string} root
 * @param {string} file
 */
function manifest(root, file) {
  return join(root, 'infra', 'setup', file);
}
