import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { findOnPath, withoutOwnCommands } from '../find-on-path.mjs';
import { findPython } from '../host-python.mjs';
import { SetupError } from '../setup-errors.mjs';
import { checkBy } from './check.mjs';

/** @typedef {import('./check.mjs').Check} Check */
/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

const TIMEOUT_MS = 15_000;

/**
 * Whether npm reaches its registry, wherever it is set to.
 * @param {SetupContext} context
 * @returns {Promise<Check>}
 */
export function checkNpmRegistry({ env, root }) {
  const question = { id: 'network-npm', group: 'Network', wanted: 'npm reaches its registry' };
  return checkBy(question, async () => {
    const outside = withoutOwnCommands(env, root);
    const npm = findOnPath('npm', outside);
    if (npm === undefined) {
      throw new SetupError('NPM_MISSING');
    }
    const once = ['--fetch-retries=0', `--fetch-timeout=${TIMEOUT_MS}`];
    await ask('npm', { file: npm, args: ['view', 'vitest', 'name', ...once], env: outside });
    return '`npm view vitest name` was answered';
  });
}

/**
 * Whether pip reaches its index, wherever it is set to.
 * @param {SetupContext} context
 * @returns {Promise<Check>}
 */
export function checkPipIndex({ env }) {
  const question = { id: 'network-pip', group: 'Network', wanted: 'pip reaches its index' };
  return checkBy(question, async () => {
    const { command } = findPython(env);
    const once = ['--retries', '0', '--timeout', String(TIMEOUT_MS / 1000)];
    const args = ['-m', 'pip', 'index', 'versions', 'py4j', ...once];
    await ask('pip', { file: command, args, env });
    return '`pip index versions py4j` was answered';
  });
}

/** @typedef {{ file: string, args: readonly string[], env: NodeJS.ProcessEnv }} Question */

/**
 * @param {string} client
 * @param {Question} question
 * @returns {Promise<void>} throws REGISTRY_UNREACHABLE with the client's own words
 */
async function ask(client, question) {
  const { code, output } = await runQuietly(question);
  if (code !== 0) {
    const lines = output.trim().split('\n');
    const problem = lines.find((line) => /error|refused|failed/i.test(line)) ?? lines[0];
    throw new SetupError('REGISTRY_UNREACHABLE', {
      client,
      problem: problem || `no answer within ${TIMEOUT_MS / 1000} s`,
    });
  }
}

/**
 * @param {Question} question
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function runQuietly({ file, args, env }) {
  const child = spawn(file, args, {
    cwd: tmpdir(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS + 5_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      output += bytes;
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
