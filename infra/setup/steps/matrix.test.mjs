import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeProgram } from '../fixtures/programs.mjs';
import { performSteps } from '../perform-steps.mjs';
import { matrixSteps } from './matrix.mjs';

/** @type {import('../perform-steps.mjs').SetupContext} */
let context;
const kafka = { version: '4.3.1', jars: '/jars/kafka' };

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'matrix-'));
  writeProgram(join(root, 'bin', 'java'), `echo 'openjdk version "17.0.1"' >&2`);
  const folder = join(root, '.sluice');
  context = { root, folder, env: { PATH: join(root, 'bin') }, say: () => undefined };
  const setup = join(root, 'infra', 'setup');
  mkdirSync(setup, { recursive: true });
  mkdirSync(join(folder, 'matrix', '3.5.7'), { recursive: true });
  for (const file of ['requirements-aws.txt', 'train-class-data.mjs', 'training-job.py']) {
    writeFileSync(join(setup, file), 'x');
  }
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify({ spark: { home: '/own' }, kafka }));
});
afterEach(() => rm(context.root, { recursive: true, force: true }));

test('another Spark is described in a folder of its own, with the broker of the project', async () => {
  const steps = matrixSteps.filter(({ name }) => name === 'matrix-3.5.7-runtime');
  expect(await performSteps(steps, context)).toEqual(['matrix-3.5.7-runtime']);
  const place = join(context.folder, 'matrix', '3.5.7');
  const runtime = JSON.parse(readFileSync(join(place, 'runtime.json'), 'utf8'));
  expect(runtime).toMatchObject({ python: join(place, 'python', 'bin', 'python3'), kafka });
  expect(runtime).toMatchObject({ classData: null, aws: null });
  const own = JSON.parse(readFileSync(join(context.folder, 'runtime.json'), 'utf8'));
  expect(own.spark.home).toBe('/own');
  expect(await performSteps(steps, context)).toEqual([]);
});
