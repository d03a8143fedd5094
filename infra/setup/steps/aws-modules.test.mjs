import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { performSteps, stateOf } from '../perform-steps.mjs';
import { awsModulesStep } from './aws-modules.mjs';

/** @type {import('../perform-steps.mjs').SetupContext} */
let context;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'aws-modules-'));
  context = { root, folder: join(root, '.sluice'), env: {}, say: () => undefined };
});
afterEach(() => rm(context.root, { recursive: true, force: true }));

test('without a package of the stack there is nothing to install', async () => {
  await performSteps([awsModulesStep], context);
  expect(stateOf(awsModulesStep, context)).toBe('done');
});

test('once there is one, it is installed, and again when its lock changes', async () => {
  await performSteps([awsModulesStep], context);
  writeInPackage('package.json', '{}');
  writeInPackage('package-lock.json', '{}');
  expect(stateOf(awsModulesStep, context)).toBe('outdated');
  await performSteps([{ ...awsModulesStep, perform: async () => pretendInstalled() }], context);
  expect(stateOf(awsModulesStep, context)).toBe('done');
  writeInPackage('package-lock.json', '{"changed": true}');
  expect(stateOf(awsModulesStep, context)).toBe('outdated');
});

function pretendInstalled() {
  writeInPackage('node_modules/.package-lock.json', '{}');
}

/**
 * @param {string} file
 * @param {string} text
 */
function writeInPackage(file, text) {
  const path = join(context.root, 'infra', 'aws', file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
