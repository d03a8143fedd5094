import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the steps put what they bring, inside the set-up folder.
 * @param {string} folder
 */
export function placesIn(folder) {
  const environment = join(folder, 'python');
  const awsEnvironment = join(folder, 'aws');
  return {
    environment,
    python: join(environment, 'bin', 'python3'),
    awsEnvironment,
    awsPython: join(awsEnvironment, 'bin', 'python3'),
    jars: join(folder, 'jars'),
    ivyCache: join(folder, 'ivy'),
    archive: join(folder, 'class-data', 'spark.jsa'),
    runtime: join(folder, 'runtime.json'),
    temporary: join(folder, 'tmp'),
  };
}

/**
 * @param {string} folder
 * @returns {string | undefined} the folder of pyspark, undefined when it is not there
 */
export function findSparkHome(folder) {
  return findPackage(placesIn(folder).environment, 'pyspark');
}

/**
 * @param {string} environment of Python
 * @param {string} name of an installed package
 * @returns {string | undefined} its folder, undefined when it is not there
 */
export function findPackage(environment, name) {
  const lib = join(environment, 'lib');
  const version = listFolder(lib).find((entry) => entry.startsWith('python3'));
  const home = version && join(lib, version, 'site-packages', name);
  return home && listFolder(home).length > 0 ? home : undefined;
}

/**
 * @param {string} folder
 * @returns {readonly string[]} absolute paths, in the order of the class path
 */
export function listSparkJars(folder) {
  return listJars(folder, 'spark');
}

/**
 * @param {string} folder
 * @param {string} set `kafka`, `spark` or `s3a`
 * @returns {readonly string[]} absolute paths, none when the set is not there
 */
export function listJars(folder, set) {
  const jars = join(placesIn(folder).jars, set);
  return listFolder(jars).map((jar) => join(jars, jar));
}

/**
 * @param {string} path
 * @returns {readonly string[]} sorted names, none when there is no such folder
 */
export function listFolder(path) {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
