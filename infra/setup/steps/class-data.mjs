import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFile, identifyFile } from '../fingerprint.mjs';
import { findJava } from '../host-java.mjs';
import { nodeForSluice } from '../node-for-sluice.mjs';
import { runCommand } from '../run-command.mjs';
import { SetupError } from '../setup-errors.mjs';
import { readStamp, sameFingerprint } from '../stamp.mjs';
import { findSparkHome, listSparkJars, placesIn } from './places.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

/**
 * The classes that Spark loads at start, parsed and verified once. Java maps this archive into memory instead of
 * reading 3,000 classes from 300 jars, which halves the time to the first batch (JEP 350).
 */
/** @type {import('../perform-steps.mjs').Step} */
export const classDataStep = {
  name: 'class-data',
  title: 'Class-data archive (halves the start of Spark)',
  optional: true,
  inputs: (context) => ({ java: findJava(context).version, ...inputsBesideJava(context) }),
  outputs: ({ folder }) => {
    const archive = identifyFile(placesIn(folder).archive);
    return archive === undefined ? undefined : { archive };
  },
  perform: async (context) => {
    const { archive, temporary } = placesIn(context.folder);
    const fresh = join(temporary, 'class-data', 'spark.jsa');
    await rm(dirname(fresh), { recursive: true, force: true });
    await mkdir(dirname(fresh), { recursive: true });
    await train(context, fresh);
    await mkdir(dirname(archive), { recursive: true });
    await rename(fresh, archive);
    await rm(dirname(fresh), { recursive: true, force: true });
  },
};

/**
 * @param {SetupContext} context
 * @returns {{ archive: string, javaVersion: string, classPath: readonly string[] } | null} null when there is no
 *   archive that fits Spark and its jars; it may still have been made by another Java than today's
 */
export function describeClassData(context) {
  const { folder } = context;
  const stamp = readStamp(folder, classDataStep.name);
  if (
    stamp?.outcome !== 'made' ||
    !sameFingerprint(stamp.outputs, classDataStep.outputs(context))
  ) {
    return null;
  }
  const { java = '', ...rest } = stamp.inputs;
  return sameFingerprint(rest, inputsBesideJava(context))
    ? { archive: placesIn(folder).archive, javaVersion: java, classPath: listSparkJars(folder) }
    : null;
}

/**
 * Java refuses an archive when a jar of the class path has another time than at its making, so a reinstalled Spark
 * needs a new one even though its version is the same.
 * @param {SetupContext} context
 */
function inputsBesideJava({ root, folder }) {
  const setup = join(root, 'infra', 'setup');
  return {
    python: readStamp(folder, 'python')?.at ?? '',
    jars: readStamp(folder, 'jars')?.at ?? '',
    trainer: hashFile(join(setup, 'train-class-data.mjs')),
    job: hashFile(join(setup, 'training-job.py')),
  };
}

/**
 * @param {SetupContext} context
 * @param {string} archive
 */
async function train(context, archive) {
  const { folder, root } = context;
  const java = findJava(context);
  const settings = {
    archive,
    java: java.command,
    python: placesIn(folder).python,
    sparkHome: findSparkHome(folder),
    sparkJars: listSparkJars(folder),
    kafkaJars: join(placesIn(folder).jars, 'kafka'),
    folder: dirname(archive),
  };
  await runCommand(folder, {
    step: classDataStep.title,
    client: 'class-data',
    file: nodeForSluice(root),
    args: [join(root, 'infra', 'setup', 'train-class-data.mjs'), JSON.stringify(settings)],
    env: { ...context.env, JAVA_HOME: java.home },
    cwd: root,
  });
  if (!existsSync(archive)) {
    throw new SetupError('STEP_FAILED', {
      step: classDataStep.title,
      problem: 'Java wrote no archive.',
      command: 'java -XX:ArchiveClassesAtExit',
      log: join(folder, 'logs', 'class-data.log'),
    });
  }
}
