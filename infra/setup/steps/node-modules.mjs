import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFile, identifyFile } from '../fingerprint.mjs';
import { installModules } from './npm-install.mjs';

/** @typedef {Readonly<Record<string, { version?: string, integrity?: string, optional?: boolean }>>} LockedPackages */

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
  perform: (context) => installModules(context, { step: nodeModulesStep.title, cwd: context.root }),
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
