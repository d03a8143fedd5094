import { spawnSync } from 'node:child_process';
import { findOnPath } from './find-on-path.mjs';
import { SetupError } from './setup-errors.mjs';

export const OLDEST_PYTHON = /** @type {const} */ ([3, 11]);

/**
 * @typedef {object} HostPython
 * @property {string} command absolute
 * @property {string} version
 */

/**
 * @typedef {object} Answer
 * @property {readonly [number, number, number]} version
 * @property {string} executable
 * @property {readonly string[]} missing modules that set-up needs and this Python lacks
 */

const QUESTION = `
import importlib.util as find, json, sys
missing = [m for m in ("venv", "ensurepip") if find.find_spec(m) is None]
print(json.dumps({"version": sys.version_info[:3], "executable": sys.executable, "missing": missing}))
`;

/**
 * The first Python on the PATH that is new enough: SLUICE_PYTHON if set, else python3, else newer names.
 * Throws PYTHON_MISSING, PYTHON_TOO_OLD or PYTHON_WITHOUT_VENV, of the first one that answered.
 * @param {NodeJS.ProcessEnv} env
 * @returns {HostPython}
 */
export function findPython(env) {
  const chosen = env.SLUICE_PYTHON;
  const names = chosen ? [chosen] : ['python3', 'python3.13', 'python3.12', 'python3.11'];
  const answers = names
    .map((name) => askPython(name, env))
    .filter((answer) => answer !== undefined);
  const fitting = answers.find((answer) => isNewEnough(answer) && answer.missing.length === 0);
  if (fitting !== undefined) {
    return { command: fitting.executable, version: fitting.version.join('.') };
  }
  throw explainUnfit(answers, chosen);
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Answer | undefined} undefined when there is none, or none that runs: a shim may name a Python that is gone
 */
function askPython(name, env) {
  const command = name.includes('/') ? name : findOnPath(name, env);
  if (command === undefined) {
    return undefined;
  }
  const asked = spawnSync(command, ['-c', QUESTION], { encoding: 'utf8', env, timeout: 30_000 });
  try {
    return JSON.parse(asked.stdout);
  } catch {
    return undefined;
  }
}

/** @param {Answer} answer */
function isNewEnough({ version: [major, minor] }) {
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/**
 * @param {readonly Answer[]} answers
 * @param {string | undefined} chosen
 * @returns {SetupError}
 */
function explainUnfit(answers, chosen) {
  const unfit = answers.find(isNewEnough) ?? answers[0];
  if (unfit === undefined) {
    const detail = chosen ? ` (SLUICE_PYTHON is ${chosen})` : '';
    return new SetupError('PYTHON_MISSING', { detail });
  }
  const { executable: command, missing } = unfit;
  const version = unfit.version.join('.');
  if (!isNewEnough(unfit)) {
    return new SetupError('PYTHON_TOO_OLD', { command, version });
  }
  const name = `python${unfit.version[0]}.${unfit.version[1]}-venv`;
  // Debian's python3-venv belongs to its own python3; any other version has a package of its own.
  const isDefault = command === '/usr/bin/python3';
  return new SetupError('PYTHON_WITHOUT_VENV', {
    command,
    version,
    module: missing.join(' and '),
    package: isDefault ? 'python3-venv' : name,
  });
}
