import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, withoutOwnCommands } from '../find-on-path.mjs';
import { hashFile, identifyFile } from '../fingerprint.mjs';
import { runCommand } from '../run-command.mjs';
import { SetupError } from '../setup-errors.mjs';

/** @typedef {Readonly<Record<string, { version?: string, integrity?: string, optional?: boolean }>>} LockedPackages */

// Said in full because a user's own settings may leave out what the tests need.
const everything = ['--include=dev', '--include=optional'];
/** npm's own pauses let a person without a network wait for more than a minute. */
const quickRetries = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/** Node modules exactly as package-lock.json has them, and with them Node 24. */
/** @type {import('../perform-steps.mjs').Step} */
export const nodeModulesStep = {
  name: 'node-modules',
  title: 'Node modules',
  inputs: ({ root }) => ({
    lock: hashFile(join(root, 'package-lock.json')),
    platform: `${process.platform} ${process.arch}`,
  }),
  outputs: ({ root }) => {
    const installed = identifyFile(installedLockPath(root));
    return installed === undefined ? undefined : { installed };
  },
  isWhole: ({ root }) => isInstalled(root),
  perform: async ({ root, folder, env }) => {
    const outside = withoutOwnCommands(env, root);
    const npm = findOnPath('npm', outside);
    if (npm === undefined) {
      throw new SetupError('NPM_MISSING');
    }
    await runCommand(folder, {
      step: nodeModulesStep.title,
      client: 'npm',
      file: npm,
      args: ['ci', ...everything, ...quickRetries, '--no-audit', '--no-fund', '--ignore-scripts'],
      env: { ...outside, NODE_ENV: 'development' },
      cwd: root,
    });
  },
};

/**
 * npm writes node_modules/.package-lock.json after everything else, so it tells what was installed whole.
 * Packages for other platforms are locked but rightly not there.
 * @param {string} root
 * @returns {boolean}
 */
function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(installedLockPath(root));
  return (
    wanted !== undefined &&
    installed !== undefined &&
    Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
      const there = installed[path];
      if (path === '' || !path.startsWith('node_modules/')) {
        return true;
      }
      return there === undefined
        ? optional === true
        : there.version === version && there.integrity === integrity;
    })
  );
}

/**
 * @param {string} path
 * @returns {LockedPackages | undefined}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function installedLockPath(root) {
  return join(root, 'node_modules', '.package-lock.json');
}
