import { SetupError } from './setup-errors.mjs';

const NOT_READY = 3;

/**
 * Tells a person on standard error what is wrong and what to do. Anything but a SetupError is a fault of ours and
 * keeps its stack.
 * @param {unknown} error
 * @returns {number} exit code
 */
export function reportSetupError(error) {
  if (!(error instanceof SetupError)) {
    console.error(error);
    return 1;
  }
  console.error(`set-up: ${error.message}\n  -> ${error.next}`);
  return NOT_READY;
}
