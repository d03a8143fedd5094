import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashFile, identifyFile } from '../fingerprint.mjs';
import { installModules } from './npm-install.mjs';

/**
 * What makes the AWS stack (CDK and the bundler): a package of its own, because it is larger than all the rest and
 * only needed for AWS.
 */
/** @type {import('../perform-steps.mjs').Step} */
export const awsModulesStep = {
  name: 'aws-modules',
  title: 'Node modules of the AWS stack',
  inputs: ({ root }) => ({
    lock: hasPackage(root) ? hashFile(join(packageFolder(root), 'package-lock.json')) : 'none',
    platform: `${process.platform} ${process.arch}`,
  }),
  outputs: ({ root }) => {
    if (!hasPackage(root)) return { installed: 'none' };
    const lock = join(packageFolder(root), 'node_modules', '.package-lock.json');
    const installed = identifyFile(lock);
    return installed === undefined ? undefined : { installed };
  },
  isWhole: ({ root }) => !hasPackage(root),
  perform: (context) =>
    installModules(context, { step: awsModulesStep.title, cwd: packageFolder(context.root) }),
};

/** @param {string} root */
function hasPackage(root) {
  return existsSync(join(packageFolder(root), 'package.json'));
}

/** @param {string} root */
function packageFolder(root) {
  return join(root, 'infra', 'aws');
}
