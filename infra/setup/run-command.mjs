import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive } from './process-identity.mjs';
import { SetupError } from './setup-errors.mjs';

const TAIL_LINES = 6;
const ORPHAN_DEADLINE_MS = 10_000;

/**
 * @typedef {object} Command
 * @property {string} step title of the step, for the error
 * @property {string} file
 * @property {readonly string[]} args
 * @property {string} client what fetches packages here: `npm`, `pip` or `Ivy`
 * @property {NodeJS.ProcessEnv} env
 * @property {string} cwd
 */

/** @type {Set<number>} */
const running = new Set();

/**
 * Runs a command of set-up to its end, its output in `<folder>/logs/<client>.log`. It has a process group of
 * its own and is noted in `<folder>/setup-child.json`, so that the next set-up can end it if this one is killed.
 * Throws STEP_FAILED, or REGISTRY_UNREACHABLE or DISK_FULL when the output says so.
 * @param {string} folder
 * @param {Command} command
 * @returns {Promise<void>}
 */
export async function runCommand(folder, command) {
  const log = join(folder, 'logs', `${command.client.toLowerCase()}.log`);
  await mkdir(dirname(log), { recursive: true });
  const code = await spawnAndWait(folder, command, log);
  if (code !== 0) {
    throw explainFailure(folder, command, { log, code });
  }
}

/**
 * @param {string} folder
 * @param {Command} command
 * @param {string} log
 * @returns {Promise<number | string>} exit code, signal, or why it could not be started
 */
function spawnAndWait(folder, command, log) {
  const output = openSync(log, 'w');
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const { pid } = child;
  if (pid !== undefined) {
    writeFileSync(childPath(folder), JSON.stringify(identifyProcess(pid) ?? { pid }));
    running.add(pid);
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      running.delete(pid ?? 0);
      rmSync(childPath(folder), { force: true });
      resolve(code ?? signal ?? 'no exit code');
    });
  });
}

/** Ends what set-up has started, because set-up itself is told to end. */
export function endRunningCommands() {
  for (const pid of running) {
    signalGroup(pid, 'SIGKILL');
  }
}

/**
 * Ends the command that a killed set-up left behind: two of them in one folder would spoil each other's work.
 * @param {string} folder
 * @returns {Promise<void>}
 */
export async function endOrphan(folder) {
  const orphan = readChild(folder);
  if (orphan === undefined) {
    return;
  }
  // A group whose leader is gone keeps its number, so it is still the orphan's.
  const leader = identifyProcess(orphan.pid);
  if (leader === undefined || isAlive(orphan)) {
    const deadline = Date.now() + ORPHAN_DEADLINE_MS;
    while (signalGroup(orphan.pid, 'SIGKILL') && Date.now() < deadline) {
      await sleep(20);
    }
  }
  rmSync(childPath(folder), { force: true });
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 * @returns {boolean} false when there is no such group
 */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @returns {import('./process-identity.mjs').ProcessIdentity | undefined}
 */
function readChild(folder) {
  try {
    return JSON.parse(readFileSync(childPath(folder), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
function childPath(folder) {
  return join(folder, 'setup-child.json');
}

/** How clients say that they got no answer; where there is a group, it holds the cause in few words. */
const networkSigns = [
  /reason: (.+)/,
  /(Failed to establish a new connection: [^')]+|Temporary failure in name resolution)/,
  /((?:UnknownHost|Connect|SocketTimeout|NoRouteToHost|SSL\w*)Exception[^)]*)/,
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/,
  /(ProxyError|ConnectTimeout|Read timed out|Network is unreachable|Connection refused)/,
  /(No matching distribution found.*|UNRESOLVED DEPENDENCIES)/,
];
const diskSigns = /ENOSPC|No space left on device/;

/**
 * @param {string} folder
 * @param {Command} command
 * @param {{ log: string, code: number | string }} end
 * @returns {SetupError}
 */
function explainFailure(folder, command, { log, code }) {
  const text = readFileSync(log, 'utf8');
  if (diskSigns.test(text)) {
    return new SetupError('DISK_FULL', { folder, free: 'no space', needed: 'More' });
  }
  const cause = networkSigns
    .map((sign) => sign.exec(text)?.[1])
    .find((found) => found !== undefined);
  if (cause !== undefined) {
    const problem = `${cause.trim()}.`;
    return new SetupError('REGISTRY_UNREACHABLE', { client: command.client, problem });
  }
  const tail = text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  return new SetupError('STEP_FAILED', {
    step: command.step,
    problem: `it ended with ${code}.\n${tail}\n`,
    command: [command.file, ...command.args].join(' '),
    log,
  });
}
