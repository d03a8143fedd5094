import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashFile, identifyFolder } from '../fingerprint.mjs';
import { findJava } from '../host-java.mjs';
import { runCommand } from '../run-command.mjs';
import { SetupError } from '../setup-errors.mjs';
import { findSparkHome, listFolder, placesIn } from './places.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

const CONFIGURATIONS = ['kafka', 'spark'];
const RETRY_AFTER_MS = [2_000, 5_000];

/** The jars of the Kafka broker and of Spark's Kafka connector, fetched by the Ivy that pyspark holds. */
/** @type {import('../perform-steps.mjs').Step} */
export const jarsStep = {
  name: 'jars',
  title: 'Kafka and Spark jars',
  inputs: ({ root }) => ({
    ivy: hashFile(join(root, 'infra', 'setup', 'ivy.xml')),
    hashes: hashFile(hashesPath(root)),
  }),
  outputs: ({ folder }) => {
    const { jars } = placesIn(folder);
    const [kafka, spark] = CONFIGURATIONS.map((name) => identifyFolder(join(jars, name)));
    return kafka && spark ? { kafka, spark } : undefined;
  },
  perform: async (context) => {
    const { temporary, jars, runtime } = placesIn(context.folder);
    const retrieved = join(temporary, 'jars');
    await rm(runtime, { force: true });
    await rm(retrieved, { recursive: true, force: true });
    await mkdir(retrieved, { recursive: true });
    await retrieveWithRetries(context, retrieved);
    await checkOrForget(context, retrieved);
    await rm(jars, { recursive: true, force: true });
    await rename(retrieved, jars);
  },
};

/**
 * @param {SetupContext} context
 * @param {string} target
 */
async function retrieveWithRetries(context, target) {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      await retrieveJars(context, target);
      return;
    } catch (error) {
      if (!(error instanceof SetupError) || error.code !== 'REGISTRY_UNREACHABLE') {
        throw error;
      }
      context.say(
        `${jarsStep.title}: the registry did not answer, trying again in ${waitMs / 1000} s`,
      );
      await sleep(waitMs);
    }
  }
  await retrieveJars(context, target);
}

/**
 * @param {SetupContext} context
 * @param {string} target
 */
async function retrieveJars(context, target) {
  const java = findJava(context);
  // A company's own mirror goes into an Ivy settings file of the user's.
  const settings = context.env.SLUICE_IVY_SETTINGS;
  await runCommand(context.folder, {
    step: jarsStep.title,
    client: 'Ivy',
    file: java.command,
    args: [
      ...['-jar', findIvy(context.folder)],
      ...(settings ? ['-settings', settings] : []),
      ...['-ivy', join(context.root, 'infra', 'setup', 'ivy.xml')],
      ...['-cache', placesIn(context.folder).ivyCache],
      ...['-confs', ...CONFIGURATIONS],
      ...['-types', 'jar', 'bundle'],
      ...['-retrieve', join(target, '[conf]', '[artifact]-[revision].[ext]')],
    ],
    env: context.env,
    cwd: context.root,
  });
}

/** @param {string} folder */
function findIvy(folder) {
  const jars = join(findSparkHome(folder) ?? folder, 'jars');
  const ivy = listFolder(jars).find((name) => /^ivy-.*\.jar$/.test(name));
  if (ivy === undefined) {
    throw new SetupError('NOT_SET_UP', { step: jarsStep.title, problem: `no Ivy in ${jars}` });
  }
  return join(jars, ivy);
}

/**
 * A damaged jar must not be found in the cache again.
 * @param {SetupContext} context
 * @param {string} retrieved
 */
async function checkOrForget({ root, folder }, retrieved) {
  try {
    checkJars(root, retrieved);
  } catch (error) {
    await rm(placesIn(folder).ivyCache, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Throws JAR_WRONG unless the folder holds exactly the jars of jars.sha256, byte for byte.
 * @param {string} root
 * @param {string} folder
 */
export function checkJars(root, folder) {
  const wanted = readHashes(root);
  for (const [jar, hash] of wanted) {
    const path = join(folder, jar);
    if (!existsSync(path)) {
      throw new SetupError('JAR_WRONG', { jar, problem: 'missing' });
    }
    if (createHash('sha256').update(readFileSync(path)).digest('hex') !== hash) {
      throw new SetupError('JAR_WRONG', { jar, problem: 'damaged or replaced' });
    }
  }
  for (const jar of listJars(folder)) {
    if (!wanted.has(jar)) {
      throw new SetupError('JAR_WRONG', { jar, problem: 'not expected' });
    }
  }
}

/**
 * @param {string} folder
 * @returns {readonly string[]} for example `kafka/kafka_2.13-4.3.1.jar`
 */
export function listJars(folder) {
  return CONFIGURATIONS.flatMap((name) =>
    listFolder(join(folder, name)).map((jar) => `${name}/${jar}`),
  );
}

/**
 * @param {string} root
 * @returns {ReadonlyMap<string, string>} jar to hash, from lines as sha256sum writes them
 */
function readHashes(root) {
  const lines = readFileSync(hashesPath(root), 'utf8').split('\n');
  const pairs = lines
    .map((line) => /^([0-9a-f]{64}) {2}(\S+)$/.exec(line))
    .filter((found) => found !== null);
  return new Map(pairs.map(([, hash = '', jar = '']) => [jar, hash]));
}

/** @param {string} root */
function hashesPath(root) {
  return join(root, 'infra', 'setup', 'jars.sha256');
}
