import { describeError, SetupError } from '../setup-errors.mjs';

/**
 * The answer to one question about this machine. The shape is that of `sluice doctor --json` and stays as it is.
 * @typedef {object} Check
 * @property {string} id
 * @property {string} group
 * @property {'pass' | 'warn' | 'fail'} status
 * @property {string} found
 * @property {string} wanted
 * @property {string | null} fix what mends it; null when it passes
 */

/** @typedef {{ readonly id: string, readonly group: string, readonly wanted: string }} Question */

/**
 * @param {Question} question
 * @param {string} found
 * @returns {Check}
 */
export function pass({ id, group, wanted }, found) {
  return { id, group, status: 'pass', found, wanted, fix: null };
}

/**
 * @param {Question} question
 * @param {'warn' | 'fail'} status
 * @param {SetupError} problem
 * @returns {Check}
 */
export function refuse({ id, group }, status, problem) {
  const { found, wanted, next } = describeError(problem.code, problem.parameters);
  return { id, group, status, found, wanted, fix: next };
}

/**
 * Answers by trying: a SetupError is a no, a returned text what was found.
 * @param {Question} question
 * @param {() => string | Promise<string>} find
 * @returns {Promise<Check>}
 */
export async function checkBy(question, find) {
  try {
    return pass(question, await find());
  } catch (error) {
    if (error instanceof SetupError) {
      return refuse(question, 'fail', error);
    }
    throw error;
  }
}
