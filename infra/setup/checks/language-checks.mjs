import { spawnSync } from 'node:child_process';
import { findOnPath, withoutOwnCommands } from '../find-on-path.mjs';
import { findJava } from '../host-java.mjs';
import { findPython } from '../host-python.mjs';
import {
  isPackagedForHere,
  nodeMajor,
  OLDEST_HOST_NODE,
  OLDEST_NODE,
} from '../node-for-sluice.mjs';
import { SetupError } from '../setup-errors.mjs';
import { checkBy } from './check.mjs';

/** @typedef {import('./check.mjs').Check} Check */
/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

const GROUP = 'Languages';

/** @returns {Promise<Check>} */
export function checkNode() {
  const version = process.versions.node;
  return checkBy({ id: 'node', group: GROUP, wanted: 'Node 20 or newer' }, () => {
    if (nodeMajor() < OLDEST_HOST_NODE) {
      throw new SetupError('NODE_TOO_OLD', { version });
    }
    if (nodeMajor() < OLDEST_NODE && !isPackagedForHere()) {
      const platform = `${process.platform} ${process.arch}`;
      throw new SetupError('NODE_24_MISSING', { version, platform });
    }
    return `Node ${version}${nodeMajor() < OLDEST_NODE ? '; set-up brings Node 24' : ''}`;
  });
}

/**
 * @param {SetupContext} context
 * @returns {Promise<Check>}
 */
export function checkNpm({ env, root }) {
  return checkBy({ id: 'npm', group: GROUP, wanted: 'npm 10 or newer' }, () => {
    const outside = withoutOwnCommands(env, root);
    const npm = findOnPath('npm', outside);
    const asked = spawnSync(npm ?? 'npm', ['--version'], {
      encoding: 'utf8',
      env: outside,
      cwd: root,
    });
    if (asked.status !== 0) {
      throw new SetupError('NPM_MISSING');
    }
    return `npm ${asked.stdout.trim()}`;
  });
}

/**
 * @param {SetupContext} context
 * @returns {Promise<Check>}
 */
export function checkJava(context) {
  return checkBy({ id: 'java', group: GROUP, wanted: 'Java 17 or newer' }, () => {
    const { version, command } = findJava(context);
    return `Java ${version} (${command})`;
  });
}

/**
 * @param {SetupContext} context
 * @returns {Promise<Check>}
 */
export function checkPython({ env }) {
  const question = { id: 'python', group: GROUP, wanted: 'Python 3.11 or newer, with venv' };
  return checkBy(question, () => {
    const { version, command } = findPython(env);
    return `Python ${version} (${command})`;
  });
}
