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

const RETRY_AFTER_MS = [2_000, 5_000];

/**
 * Jars that one Ivy file describes; each configuration becomes a folder in `.sluice/jars`.
 * @typedef {object} JarSet
 * @property {string} title of the step, for errors
 * @property {string} ivy file of infra/setup that says what is wanted
 * @property {string} hashes file of infra/setup that pins every jar, in lines as sha256sum writes them
 * @property {readonly string[]} configurations of the Ivy file
 */

/**
 * @param {SetupContext} context
 * @param {JarSet} set
 */
export function inputsOfJars({ root }, set) {
  return { ivy: hashFile(manifest(root, set.ivy)), hashes: hashFile(manifest(root, set.hashes)) };
}

/**
 * @param {SetupContext} context
 * @param {JarSet} set
 * @returns {Readonly<Record<string, string>> | undefined}
 */
export function outputsOfJars({ folder }, set) {
  const { jars } = placesIn(folder);
  const found = set.configurations.map((name) => [name, identifyFolder(join(jars, name))]);
  return found.every(([, identity]) => identity !== undefined)
    ? Object.fromEntries(found)
    : undefined;
}

/**
 * Fetches a set by the Ivy that pyspark holds, and puts it in place when every jar is the pinned one. Throws JAR_WRONG,
 * NOT_SET_UP when Spark is missing, or what runCommand throws.
 * @param {SetupContext} context
 * @param {JarSet} set
 * @returns {Promise<void>}
 */
export async function bringJars(context, set) {
  const { temporary, jars } = placesIn(context.folder);
  const retrieved = join(temporary, 'jars');
  await rm(retrieved, { recursive: true, force: true });
  await mkdir(retrieved, { recursive: true });
  await retrieveWithRetries(context, set, retrieved);
  await checkOrForget(context, set, retrieved);
  await mkdir(jars, { recursive: true });
  for (const name of set.configurations) {
    await rm(join(jars, name), { recursive: true, force: true });
    await rename(join(retrieved, name), join(jars, name));
  }
}

/**
 * @param {SetupContext} context
 * @param {JarSet} set
 * @param {string} target
 */
async function retrieveWithRetries(context, set, target) {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      await retrieveJars(context, set, target);
      return;
    } catch (error) {
      if (!(error instanceof SetupError) || error.code !== 'REGISTRY_UNREACHABLE') {
        throw error;
      }
      context.say(`${set.title}: the registry did not answer, trying again in ${waitMs / 1000} s`);
      await sleep(waitMs);
    }
  }
  await retrieveJars(context, set, target);
}

/**
 * @param {SetupContext} context
 * @param {JarSet} set
 * @param {string} target
 */
async function retrieveJars(context, set, target) {
  const java = findJava(context);
  // A company's own mirror goes into an Ivy settings file of the user's.
  const settings = context.env.SLUICE_IVY_SETTINGS;
  await runCommand(context.folder, {
    step: set.title,
    client: 'Ivy',
    file: java.command,
    args: [
      ...['-jar', findIvy(context.folder, set.title)],
      ...(settings ? ['-settings', settings] : []),
      ...['-ivy', manifest(context.root, set.ivy)],
      ...['-cache', placesIn(context.folder).ivyCache],
      ...['-confs', ...set.configurations],
      ...['-types', 'jar', 'bundle'],
      ...['-retrieve', join(target, '[conf]', '[artifact]-[revision].[ext]')],
    ],
    env: context.env,
    cwd: context.root,
  });
}

/**
 * @param {string} folder
 * @param {string} step
 */
function findIvy(folder, step) {
  const jars = join(findSparkHome(folder) ?? folder, 'jars');
  const ivy = listFolder(jars).find((name) => /^ivy-.*\.jar$/.test(name));
  if (ivy === undefined) {
    throw new SetupError('NOT_SET_UP', { step, problem: `no Ivy in ${jars}` });
  }
  return join(jars, ivy);
}

/**
 * A damaged jar must not be found in the cache again.
 * @param {SetupContext} context
 * @param {JarSet} set
 * @param {string} retrieved
 */
async function checkOrForget({ root, folder }, set, retrieved) {
  try {
    checkJars(manifest(root, set.hashes), set.configurations, retrieved);
  } catch (error) {
    await rm(placesIn(folder).ivyCache, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Throws JAR_WRONG unless the folder holds exactly the pinned jars, byte for byte.
 * @param {string} hashes path of the file that pins them
 * @param {readonly string[]} configurations
 * @param {string} folder
 */
export function checkJars(hashes, configurations, folder) {
  const wanted = readHashes(hashes);
  for (const [jar, hash] of wanted) {
    const path = join(folder, jar);
    if (!existsSync(path)) {
      throw new SetupError('JAR_WRONG', { jar, problem: 'missing' });
    }
    if (createHash('sha256').update(readFileSync(path)).digest('hex') !== hash) {
      throw new SetupError('JAR_WRONG', { jar, problem: 'damaged or replaced' });
    }
  }
  for (const jar of listJars(configurations, folder)) {
    if (!wanted.has(jar)) {
      throw new SetupError('JAR_WRONG', { jar, problem: 'not expected' });
    }
  }
}

/**
 * @param {readonly string[]} configurations
 * @param {string} folder
 * @returns {readonly string[]} for example `kafka/kafka_2.13-4.3.1.jar`
 */
function listJars(configurations, folder) {
  return configurations.flatMap((name) =>
    listFolder(join(folder, name)).map((jar) => `${name}/${jar}`),
  );
}

/**
 * @param {string} path
 * @returns {ReadonlyMap<string, string>} jar to hash
 */
function readHashes(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const pairs = lines
    .map((line) => /^([0-9a-f]{64}) {2}(\S+)$/.exec(line))
    .filter((found) => found !== null);
  return new Map(pairs.map(([, hash = '', jar = '']) => [jar, hash]));
}

/**
 * @param {string} root
 * @param {string} file
 */
function manifest(root, file) {
  return join(root, 'infra', 'setup', file);
}
