/** `npm run setup`: brings everything that Sluice needs, or says in a moment that it is all there. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contextOf, ensureSetUp } from './ensure-set-up.mjs';
import { reportSetupError } from './report-setup-error.mjs';

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const started = performance.now();
try {
  const performed = await ensureSetUp(contextOf(root), { retryFailed: true });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(
    performed.length === 0 ? 'set-up: everything is there.' : `set-up: done in ${seconds} s.`,
  );
} catch (error) {
  process.exitCode = reportSetupError(error);
}
