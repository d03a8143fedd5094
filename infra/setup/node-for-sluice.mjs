import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-errors.mjs';

export const OLDEST_HOST_NODE = 20;
export const OLDEST_NODE = 24;

/**
 * The Node that runs Sluice's TypeScript: this process's when it is new enough, else the packaged one.
 * Throws NODE_24_MISSING when there is neither.
 * @param {string} root
 * @returns {string} absolute path
 */
export function nodeForSluice(root) {
  if (nodeMajor() >= OLDEST_NODE) {
    return process.execPath;
  }
  const packaged = join(root, 'node_modules', '.bin', 'node');
  if (!isPackagedForHere() || !existsSync(packaged)) {
    throw new SetupError('NODE_24_MISSING', {
      version: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    });
  }
  return packaged;
}

/** @returns {number} */
export function nodeMajor() {
  return Number(process.versions.node.split('.')[0]);
}

/**
 * The packaged Node is linked against glibc, so it does not start on Alpine and other musl systems.
 * @returns {boolean}
 */
export function isPackagedForHere() {
  const packaged = ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64'];
  return packaged.includes(`${process.platform} ${process.arch}`) && !isMusl();
}

/** @returns {boolean} */
function isMusl() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  return process.platform === 'linux' && report.header?.glibcVersionRuntime === undefined;
}
