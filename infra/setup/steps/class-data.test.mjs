import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeProgram } from '../fixtures/programs.mjs';
import { stateOf } from '../perform-steps.mjs';
import { writeStamp } from '../stamp.mjs';
import { classDataStep, describeClassData } from './class-data.mjs';
import { placesIn } from './places.mjs';

/** @type {import('../perform-steps.mjs').SetupContext} */
let context;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'class-data-'));
  const folder = join(root, '.sluice');
  const env = { PATH: join(root, 'bin') };
  context = { root, folder, env, say: () => undefined };
  useJava('17.0.1');
  const setup = join(root, 'infra', 'setup');
  mkdirSync(setup, { recursive: true });
  for (const file of ['train-class-data.mjs', 'training-job.py']) {
    copyFileSync(join(import.meta.dirname, '..', file), join(setup, file));
  }
  const jars = join(placesIn(folder).jars, 'spark');
  mkdirSync(jars, { recursive: true });
  writeFileSync(join(jars, 'connector.jar'), '');
  await stampInstalled('monday');
  await makeArchive();
});
afterEach(() => rm(context.root, { recursive: true, force: true }));

test('an archive is described with the Java that made it and the class path it fits', () => {
  const { folder } = context;
  expect(describeClassData(context)).toEqual({
    archive: placesIn(folder).archive,
    javaVersion: '17.0.1',
    classPath: [join(placesIn(folder).jars, 'spark', 'connector.jar')],
  });
});

test('under another Java the old one is still named, so that nobody uses it, and it is made anew', () => {
  useJava('21.0.2');
  expect(describeClassData(context)).toMatchObject({ javaVersion: '17.0.1' });
  expect(stateOf(classDataStep, context)).toBe('outdated');
});

test('an archive made for jars that were installed again since is not described', async () => {
  await stampInstalled('tuesday');
  expect(describeClassData(context)).toBeNull();
});

test('an archive that was changed or deleted is not described', async () => {
  writeFileSync(placesIn(context.folder).archive, 'cut');
  expect(describeClassData(context)).toBeNull();
  await rm(placesIn(context.folder).archive);
  expect(describeClassData(context)).toBeNull();
});

test('an archive that could not be made is not described', async () => {
  const stamp = { outcome: /** @type {const} */ ('failed'), at: '', outputs: {} };
  await writeStamp(context.folder, 'class-data', {
    ...stamp,
    inputs: classDataStep.inputs(context),
  });
  expect(describeClassData(context)).toBeNull();
});

/** @param {string} version */
function useJava(version) {
  writeProgram(join(context.root, 'bin', 'java'), `echo 'openjdk version "${version}"' >&2`);
}

/** @param {string} at */
async function stampInstalled(at) {
  const stamp = { outcome: /** @type {const} */ ('made'), at, inputs: {}, outputs: {} };
  await writeStamp(context.folder, 'python', stamp);
  await writeStamp(context.folder, 'jars', stamp);
}

async function makeArchive() {
  const { archive } = placesIn(context.folder);
  mkdirSync(join(archive, '..'), { recursive: true });
  writeFileSync(archive, 'archive');
  await writeStamp(context.folder, 'class-data', {
    outcome: 'made',
    at: '',
    inputs: classDataStep.inputs(context),
    outputs: classDataStep.outputs(context) ?? {},
  });
}
