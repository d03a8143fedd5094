/** `npm run setup`: brings everything that Sluice needs, or says in a moment that it is all there. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from './refuse-old-node.mjs';

refuseOldNode();
const { contextOf, ensureSetUp } = await import('./ensure-set-up.mjs');
const { reportSetupError } = await import('./report-setup-error.mjs');

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
try {
  const started = performance.now();
  const performed = await ensureSetUp(contextOf(root), { retryFailed: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const verdict = performed.length === 0 ? 'everything is there.' : `done in ${seconds} s.`;
  console.error(`set-up: ${verdict}`);
} catch (error) {
  process.exitCode = reportSetupError(error);
}
