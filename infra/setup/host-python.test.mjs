import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeProgram } from './fixtures/programs.mjs';
import { findPython } from './host-python.mjs';

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'python-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each(['3.11.0', '3.12.1', '3.13.0', '4.0.0'])('Python %s is taken', (version) => {
  fakePython('python3', version);
  expect(findPython({ PATH: folder })).toEqual({ command: join(folder, 'python3'), version });
});

test.each(['3.10.13', '3.9.2', '2.7.18'])('Python %s is refused with its version', (version) => {
  fakePython('python3', version);
  expect(() => findPython({ PATH: folder })).toThrow(`python3 is Python ${version}. Spark needs`);
});

test('a newer Python under its own name is found behind an old python3', () => {
  fakePython('python3', '3.9.6');
  fakePython('python3.12', '3.12.4');
  expect(findPython({ PATH: folder }).command).toBe(join(folder, 'python3.12'));
});

test('a Python without ensurepip is refused with the package that mends it', () => {
  fakePython('python3', '3.11.2', ['ensurepip'], '/usr/bin/python3');
  expect(refusal({ PATH: folder })).toMatchObject({
    code: 'PYTHON_WITHOUT_VENV',
    message: expect.stringContaining('has no module ensurepip'),
    next: 'Run `sudo apt-get install python3-venv`.',
  });
});

test('the package of a Python beside the default one has its version', () => {
  fakePython('python3', '3.12.2', ['venv', 'ensurepip']);
  expect(refusal({ PATH: folder })).toMatchObject({
    next: expect.stringContaining('python3.12-venv'),
  });
});

test('no Python, or a shim that names one that is gone, is said to be missing', () => {
  expect(refusal({ PATH: folder })).toMatchObject({ code: 'PYTHON_MISSING' });
  writeProgram(
    join(folder, 'python3'),
    'echo "pyenv: version 3.11 is not installed" >&2; exit 127',
  );
  expect(refusal({ PATH: folder })).toMatchObject({ code: 'PYTHON_MISSING' });
});

test('SLUICE_PYTHON goes before the PATH and is named when it is wrong', () => {
  fakePython('python3', '3.11.7');
  const own = fakePython('own', '3.13.1');
  expect(findPython({ PATH: folder, SLUICE_PYTHON: own }).version).toBe('3.13.1');
  const env = { PATH: folder, SLUICE_PYTHON: '/nowhere/python3' };
  expect(refusal(env)).toMatchObject({ message: expect.stringContaining('/nowhere/python3') });
});

test('the Python of this machine is read', () => {
  expect(findPython(process.env).version).toMatch(/^3\.\d+\.\d+$/);
});

/**
 * @param {string} name
 * @param {string} version
 * @param {readonly string[]} [missing]
 * @param {string} [executable]
 */
function fakePython(name, version, missing = [], executable = join(folder, name)) {
  const answer = { version: version.split('.').map(Number), executable, missing };
  return writeProgram(join(folder, name), `echo '${JSON.stringify(answer)}'`);
}

/** @param {NodeJS.ProcessEnv} env */
function refusal(env) {
  try {
    return findPython(env);
  } catch (error) {
    return error;
  }
}
