import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeProgram } from '../fixtures/programs.mjs';
import { performSteps } from '../perform-steps.mjs';
import { forgetStamp, writeStamp } from '../stamp.mjs';
import { awsPythonStep, describeAws } from './aws-python.mjs';
import { placesIn } from './places.mjs';
import { runtimeStep } from './runtime.mjs';

/** @type {import('../perform-steps.mjs').SetupContext} */
let context;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'aws-python-'));
  writeProgram(join(root, 'bin', 'java'), `echo 'openjdk version "17.0.1"' >&2`);
  const env = { PATH: join(root, 'bin') };
  context = { root, folder: join(root, '.sluice'), env, say: () => undefined };
  const setup = join(root, 'infra', 'setup');
  mkdirSync(setup, { recursive: true });
  for (const file of ['requirements-aws.txt', 'train-class-data.mjs', 'training-job.py']) {
    writeFileSync(join(setup, file), 'x');
  }
});
afterEach(() => rm(context.root, { recursive: true, force: true }));

test('an environment that is whole is described by its Python', async () => {
  await makeWhole();
  expect(describeAws(context)).toEqual({ python: placesIn(context.folder).awsPython });
});

test('one that is half made, or that lost its emulator, is not described', async () => {
  await makeWhole();
  await forgetStamp(context.folder, awsPythonStep.name);
  expect(describeAws(context)).toBeNull();
  await makeWhole();
  rmSync(emulatorFolder(), { recursive: true });
  expect(describeAws(context)).toBeNull();
});

test('the runtime tells of the AWS part when it is there, and works without', async () => {
  mkdirSync(context.folder);
  await performSteps([runtimeStep], context);
  expect(readRuntime()).toMatchObject({ spark: { s3aJars: [] }, aws: null });
  await makeWhole();
  const jars = join(placesIn(context.folder).jars, 's3a');
  mkdirSync(jars, { recursive: true });
  writeFileSync(join(jars, 'hadoop-aws.jar'), '');
  expect(await performSteps([runtimeStep], context)).toEqual(['runtime']);
  expect(readRuntime()).toMatchObject({
    spark: { jars: [], s3aJars: [join(jars, 'hadoop-aws.jar')] },
    aws: { python: placesIn(context.folder).awsPython },
  });
});

async function makeWhole() {
  writeProgram(placesIn(context.folder).awsPython, '');
  mkdirSync(emulatorFolder(), { recursive: true });
  writeFileSync(join(emulatorFolder(), 'app.py'), '');
  await writeStamp(context.folder, awsPythonStep.name, {
    outcome: 'made',
    at: '',
    inputs: awsPythonStep.inputs(context),
    outputs: awsPythonStep.outputs(context) ?? {},
  });
}

function emulatorFolder() {
  const { awsEnvironment } = placesIn(context.folder);
  return join(awsEnvironment, 'lib', 'python3.11', 'site-packages', 'ministack');
}

function readRuntime() {
  return JSON.parse(readFileSync(placesIn(context.folder).runtime, 'utf8'));
}
