/**
 * `npm run setup [-- --with aws]`: brings everything that Sluice needs, or says in a moment that it is all there. With
 * `--with aws` also what runs the AWS emulator, with `--with matrix` the other versions of Spark that tests run on.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from './refuse-old-node.mjs';

refuseOldNode();
const { chooseSteps } = await import('./choose-steps.mjs');
const { contextOf, ensureSetUp } = await import('./ensure-set-up.mjs');
const { reportSetupError } = await import('./report-setup-error.mjs');

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
try {
  const started = performance.now();
  const { steps } = chooseSteps(process.argv.slice(2));
  const performed = await ensureSetUp(contextOf(root), { steps, retryFailed: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = performed.length === 0 ? 'everything is there.' : `done in ${seconds} s.`;
  console.error(`set-up: ${verdict}`);
} catch (error) {
  process.exitCode = reportSetupError(error);
}
