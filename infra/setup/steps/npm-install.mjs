import { findOnPath, withoutOwnCommands } from '../find-on-path.mjs';
import { runCommand } from '../run-command.mjs';
import { SetupError } from '../setup-errors.mjs';

// Said in full because a user's own settings may leave out what the tests need.
const everything = ['--include=dev', '--include=optional'];
/** npm's own pauses let a person without a network wait for more than a minute. */
const quickRetries = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/**
 * Installs exactly what the package-lock.json of a folder has. Throws NPM_MISSING, or what runCommand throws.
 * @param {import('../perform-steps.mjs').SetupContext} context
 * @param {{ step: string, cwd: string }} what the step's title, and the folder with the lock
 * @returns {Promise<void>}
 */
export async function installModules({ root, folder, env }, { step, cwd }) {
  const outside = withoutOwnCommands(env, root);
  const npm = findOnPath('npm', outside);
  if (npm === undefined) {
    throw new SetupError('NPM_MISSING');
  }
  await runCommand(folder, {
    step,
    client: 'npm',
    file: npm,
    args: ['ci', ...everything, ...quickRetries, '--no-audit', '--no-fund', '--ignore-scripts'],
    env: { ...outside, NODE_ENV: 'development' },
    cwd,
  });
}
