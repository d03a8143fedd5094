import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the steps put what they bring, inside the set-up folder.
 * @param {string} folder
 */
export function placesIn(folder) {
  const environment = join(folder, 'python');
  return {
    environment,
    python: join(environment, 'bin', 'python3'),
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
  const lib = join(placesIn(folder).environment, 'lib');
  const version = listFolder(lib).find((name) => name.startsWith('python3'));
  const home = version && join(lib, version, 'site-packages', 'pyspark');
  return home && listFolder(home).length > 0 ? home : undefined;
}

/**
 * @param {string} folder
 * @returns {readonly string[]} absolute paths, in the order of the class path
 */
export function listSparkJars(folder) {
  const jars = join(placesIn(folder).jars, 'spark');
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
