/**
 * `node infra/setup/run.mjs [--node-only] FILE [arguments]`: sets up what is missing, then runs FILE on Node 24.
 * With --node-only, for programs that need neither Spark nor Kafka, only the node modules are looked after.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from './refuse-old-node.mjs';

refuseOldNode();
const { allSteps, contextOf, ensureSetUp, nodeSteps } = await import('./ensure-set-up.mjs');
const { reportSetupError } = await import('./report-setup-error.mjs');
const { runOnNode } = await import('./run-on-node.mjs');

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const nodeOnly = process.argv[2] === '--node-only';
const [file, ...args] = process.argv.slice(nodeOnly ? 3 : 2);
try {
  if (file === undefined) {
    console.error('usage: node infra/setup/run.mjs [--node-only] FILE [arguments]');
    process.exitCode = 2;
  } else {
    await ensureSetUp(contextOf(root), { steps: nodeOnly ? nodeSteps : allSteps });
    process.exitCode = await runOnNode(root, resolve(file), args);
  }
} catch (error) {
  process.exitCode = reportSetupError(error);
}
