import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { nodeForSluice, nodeMajor, OLDEST_NODE } from './node-for-sluice.mjs';

/** Signals of one sort that come closer together than this were meant as one. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Goes on as another program on the Node that runs TypeScript, with the project's commands first on the PATH. This
 * process becomes that program where its Node can do that (24 and newer), and waits for it otherwise.
 * @param {string} root
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export function runOnNode(root, file, args) {
  const node = nodeForSluice(root);
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
  };
  if (nodeMajor() >= OLDEST_NODE && typeof process.execve === 'function') {
    process.execve(node, [node, file, ...args], /** @type {Record<string, string>} */ (env));
  }
  return runAsChild(node, [file, ...args], env);
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function runAsChild(node, args, env) {
  const child = spawn(node, args, { env, stdio: 'inherit' });
  forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']),
    );
  });
}

/**
 * A Ctrl-C reaches every program of a terminal's foreground group, so passing it on would count as a second one and
 * turn "stop in order" into "stop at once".
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignals(child) {
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    let last = Number.NEGATIVE_INFINITY;
    process.on(signal, () => {
      const isRepeat = performance.now() - last < SAME_SIGNAL_MS;
      if (!isRepeat && !(signal === 'SIGINT' && inTerminal)) {
        last = performance.now();
        child.kill(signal);
      }
    });
  }
}
