import { readdirSync, symlinkSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findOnPath } from './find-on-path.mjs';
import { startProgram } from './fixtures/programs.mjs';

/** A fresh clone, as far as doctor is concerned. @type {string} */
let clone;

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'doctor-'));
  const root = join(import.meta.dirname, '..', '..');
  await cp(join(root, 'package-lock.json'), join(clone, 'package-lock.json'));
  await cp(import.meta.dirname, join(clone, 'infra', 'setup'), { recursive: true });
  await cp(join(root, 'control', 'bin'), join(clone, 'control', 'bin'), { recursive: true });
});
afterEach(() => rm(clone, { recursive: true, force: true }));

test('in a fresh clone doctor works, changes nothing and warns that set-up is to come', async () => {
  const before = readdirSync(clone);
  const { code, report } = await runDoctor(offline());
  const steps = report.checks.filter((check) => check.group === 'Set-up');
  expect(steps.map((check) => check.status)).toEqual(steps.map(() => 'warn'));
  expect(code).toBe(report.ok ? 0 : 3);
  expect(readdirSync(clone)).toEqual(before);
});

test('every check has the same six fields, and whatever does not pass says what mends it', async () => {
  const { report } = await runDoctor(offline());
  expect(Object.keys(report)).toEqual(['ok', 'checks']);
  for (const check of report.checks) {
    expect(Object.keys(check)).toEqual(['id', 'group', 'status', 'found', 'wanted', 'fix']);
    expect(['pass', 'warn', 'fail']).toContain(check.status);
    expect(check.fix === null).toBe(check.status === 'pass');
  }
  const ids = report.checks.map((check) => check.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(['node', 'npm', 'java', 'python', 'disk', 'memory']));
});

test('without Java doctor fails with 3 and the command that installs it', async () => {
  const bin = join(clone, 'bin');
  await rm(bin, { recursive: true, force: true });
  const { code, report } = await runDoctor({ ...offline(), PATH: await pathWithoutJava(bin) });
  expect(code).toBe(3);
  expect(report.ok).toBe(false);
  const java = report.checks.find((check) => check.id === 'java');
  expect(java).toMatchObject({ status: 'fail', fix: expect.stringContaining('apt-get install') });
});

test('a taken port of ours is found before anything is started', async () => {
  const server = createServer();
  const port = await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port));
  });
  const { code, report } = await runDoctor({ ...offline(), SLUICE_PORT: String(port) });
  server.close();
  expect(code).toBe(3);
  expect(report.checks.find((check) => check.id === 'sluice-port')).toMatchObject({
    status: 'fail',
  });
});

/** @param {NodeJS.ProcessEnv} env */
async function runDoctor(env) {
  const args = [join(clone, 'control', 'bin', 'sluice.mjs'), 'doctor', '--json'];
  const program = startProgram(process.execPath, args, env);
  const code = await program.ended;
  /** @type {{ ok: boolean, checks: import('./checks/check.mjs').Check[] }} */
  const report = JSON.parse(program.output);
  return { code, report };
}

/** No test asks a package registry: these clients are pointed at a port where nobody listens. */
function offline() {
  const nobody = 'http://127.0.0.1:9';
  const { JAVA_HOME: _home, ...env } = process.env;
  return {
    ...env,
    npm_config_registry: nobody,
    PIP_INDEX_URL: nobody,
    SLUICE_PORT: '0',
    SLUICE_KAFKA_PORT: '0',
  };
}

/**
 * @param {string} bin
 * @returns {Promise<string>} a PATH with what doctor calls, but no Java
 */
async function pathWithoutJava(bin) {
  await cp(join(import.meta.dirname, 'fixtures'), bin, { recursive: true });
  for (const name of ['npm', 'node', 'sh', 'python3']) {
    const command = findOnPath(name, process.env);
    if (command) symlinkSync(command, join(bin, name));
  }
  return bin;
}
