import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixture, startProgram, waitUntil } from './fixtures/programs.mjs';
import { identifyProcess } from './process-identity.mjs';
import { endOrphan, runCommand } from './run-command.mjs';

/** @type {string} */
let root;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'command-'));
});
afterEach(async () => {
  await endOrphan(join(root, '.sluice'));
  await rm(root, { recursive: true, force: true });
});

test('what a killed set-up left running is ended by the next one, with all its children', async () => {
  const killed = startProgram(process.execPath, [fixture('killed-set-up.mjs'), root]);
  await waitUntil('the long command', () => grandchild() > 0);
  const orphan = grandchild();
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(identifyProcess(orphan)).toBeDefined();
  const next = startProgram(process.execPath, [fixture('killed-set-up.mjs'), root, 'true']);
  expect(await next.ended).toBe(0);
  expect(identifyProcess(orphan)).toBeUndefined();
  expect(existsSync(join(root, '.sluice', 'setup-child.json'))).toBe(false);
});

test('a set-up that is told to end takes its command with it', async () => {
  const told = startProgram(process.execPath, [fixture('killed-set-up.mjs'), root]);
  await waitUntil('the long command', () => grandchild() > 0);
  told.child.kill('SIGTERM');
  expect(await told.ended).toBe(143);
  await waitUntil('the end of it', () => identifyProcess(grandchild()) === undefined);
});

test.each([
  ['a name that is not resolved', 'npm error code ENOTFOUND', 'REGISTRY_UNREACHABLE'],
  ['a full disk', 'OSError: [Errno 28] No space left on device', 'DISK_FULL'],
  ['anything else', 'Segmentation fault', 'STEP_FAILED'],
])('a command that fails because of %s is explained', async (_cause, output, code) => {
  await expect(run(`echo "${output}"; exit 3`)).rejects.toMatchObject({ code });
});

test.each([
  ['npm', 'npm error request to X failed, reason: connect ECONNREFUSED 127.0.0.1:9'],
  [
    'pip',
    "WARNING: NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] refused'): /y/",
  ],
  ['Ivy', 'Server access error (java.net.UnknownHostException: repo.example)'],
])('the cause that %s gives is quoted alone', async (_client, output) => {
  const causes =
    /registry: (connect ECONNREFUSED|Failed to establish .*refused|UnknownHostException: repo)/;
  await expect(run(`echo "${output}"; exit 1`)).rejects.toThrow(causes);
});

test('a failure tells the end of the output, the command and where the whole output is', async () => {
  const failure = run('echo "line one"; echo "line two" >&2; exit 3');
  await expect(failure).rejects.toMatchObject({
    message: expect.stringMatching(/it ended with 3\.\nline one\nline two\n/),
    next: expect.stringContaining(join(root, '.sluice', 'logs', 'sh.log')),
  });
});

test('a command that does not exist is a failed step', async () => {
  const command = { step: 'x', client: 'sh', file: '/nowhere/sh', args: [], env: {}, cwd: root };
  await expect(runCommand(join(root, '.sluice'), command)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: expect.stringContaining('ENOENT'),
  });
});

/** @param {string} script */
function run(script) {
  const command = { file: 'sh', args: ['-c', script], env: process.env, cwd: root };
  return runCommand(join(root, '.sluice'), { step: 'x', client: 'sh', ...command });
}

/** @returns {number} 0 until it is there */
function grandchild() {
  const path = join(root, 'grandchild');
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
}
