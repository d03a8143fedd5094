import { contextOf, ensureSetUp, nodeSteps } from './ensure-set-up.mjs';
import { reportSetupError } from './report-setup-error.mjs';
import { runOnNode } from './run-on-node.mjs';

/**
 * What the commands in bin/ do: bring the node modules if they are missing, then run a program of the project with
 * this process's arguments.
 * @param {string} root
 * @param {string} file
 * @returns {Promise<void>}
 */
export async function launch(root, file) {
  try {
    await ensureSetUp(contextOf(root), { steps: nodeSteps });
    process.exitCode = await runOnNode(root, file, process.argv.slice(2));
  } catch (error) {
    process.exitCode = reportSetupError(error);
  }
}
