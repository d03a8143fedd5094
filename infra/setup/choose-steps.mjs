import { allSteps, extraParts, nodeSteps } from './ensure-set-up.mjs';
import { SetupError } from './setup-errors.mjs';

/** @typedef {import('./perform-steps.mjs').Step} Step */

/**
 * Reads the flags before the file of a command line: `--node-only`, for programs that need neither Spark nor Kafka, and
 * `--with PART`, which may come more than once. Throws PART_UNKNOWN.
 * @param {readonly string[]} args
 * @returns {{ steps: readonly Step[], rest: readonly string[] }} the steps to look after, and what follows the flags
 */
export function chooseSteps(args) {
  const [flag, name, ...afterPart] = args;
  if (flag === '--node-only') {
    return { steps: nodeSteps, rest: args.slice(1) };
  }
  if (flag !== '--with') {
    return { steps: allSteps, rest: args };
  }
  const part = Object.hasOwn(extraParts, name ?? '') ? extraParts[name ?? ''] : undefined;
  if (part === undefined) {
    const parts = Object.keys(extraParts).join(', ');
    throw new SetupError('PART_UNKNOWN', { part: name ?? '', parts });
  }
  const { steps, rest } = chooseSteps(afterPart);
  return { steps: [...steps, ...part], rest };
}
