import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @param {string} name of a command
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the path of the file that a shell would run
 */
export function findOnPath(name, env) {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * npm puts node_modules/.bin on the PATH, where set-up's own Node lives: what set-up replaces must not run it.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root
 * @returns {NodeJS.ProcessEnv} the same without the project's own commands
 */
export function withoutOwnCommands(env, root) {
  const folders = (env.PATH ?? '').split(delimiter);
  const own = join(root, 'node_modules');
  return { ...env, PATH: folders.filter((folder) => !folder.startsWith(own)).join(delimiter) };
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
