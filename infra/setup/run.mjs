/**
 * `node infra/setup/run.mjs [--node-only] [--with aws] FILE [arguments]`: sets up what is missing, then runs FILE on
 * Node 24. With --node-only, for programs that need neither Spark nor Kafka, only the node modules are looked after;
 * with --with aws the AWS emulator as well, with --with matrix the other versions of Spark.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from './refuse-old-node.mjs';

refuseOldNode();
const { chooseSteps } = await import('./choose-steps.mjs');
const { contextOf, ensureSetUp } = await import('./ensure-set-up.mjs');
const { reportSetupError } = await import('./report-setup-error.mjs');
const { runOnNode } = await import('./run-on-node.mjs');

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
try {
  const { steps, rest } = chooseSteps(process.argv.slice(2));
  const [file, ...args] = rest;
  if (file === undefined) {
    console.error('usage: node infra/setup/run.mjs [--node-only] [--with aws] FILE [arguments]');
    process.exitCode = 2;
  } else {
    await ensureSetUp(contextOf(root), { steps });
    process.exitCode = await runOnNode(root, resolve(file), args);
  }
} catch (error) {
  process.exitCode = reportSetupError(error);
}
