import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile, syncFolder } from './durable-file.mjs';

/**
 * What a step was made of and what it made, as short texts that can be computed in milliseconds.
 * @typedef {Readonly<Record<string, string>>} Fingerprint
 */

/**
 * Proof that a step was finished: written last, removed before the step is done anew.
 * @typedef {object} Stamp
 * @property {'made' | 'failed'} outcome `failed` is kept only for steps that set-up can do without
 * @property {string} at when it was finished, ISO 8601
 * @property {Fingerprint} inputs
 * @property {Fingerprint} outputs
 */

/**
 * @param {string} folder where set-up keeps what it brings
 * @param {string} step
 * @returns {Stamp | undefined} undefined when there is none that can be read
 */
export function readStamp(folder, step) {
  try {
    const stamp = JSON.parse(readFileSync(stampPath(folder, step), 'utf8'));
    return typeof stamp.inputs === 'object' && typeof stamp.outputs === 'object'
      ? stamp
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {string} step
 * @param {Stamp} stamp
 * @returns {Promise<void>}
 */
export async function writeStamp(folder, step, stamp) {
  const path = stampPath(folder, step);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(stamp, null, 2)}\n`);
}

/**
 * @param {string} folder
 * @param {string} step
 * @returns {Promise<void>}
 */
export async function forgetStamp(folder, step) {
  const path = stampPath(folder, step);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/**
 * @param {Fingerprint | undefined} one
 * @param {Fingerprint | undefined} other
 * @returns {boolean}
 */
export function sameFingerprint(one, other) {
  if (one === undefined || other === undefined) {
    return false;
  }
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

/**
 * @param {string} folder
 * @param {string} step
 */
function stampPath(folder, step) {
  return join(folder, 'stamps', `${step}.json`);
}
