import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from './find-on-path.mjs';
import { identifyFile } from './fingerprint.mjs';
import { SetupError } from './setup-errors.mjs';

export const OLDEST_JAVA = 17;

/**
 * @typedef {object} HostJava
 * @property {string} command absolute
 * @property {string} home what JAVA_HOME must be for programs to use just this Java
 * @property {string} version with its build, for example `17.0.15+6-Debian-1deb12u1`
 * @property {number} major
 */

/**
 * The Java that programs started from here should use: JAVA_HOME's, or else the PATH's, as spark-submit has it.
 * Its version is kept in `<folder>/host-java.json` for as long as the file stays the same.
 * Throws JAVA_MISSING, JAVA_HOME_WRONG, JAVA_UNREADABLE or JAVA_TOO_OLD.
 * @param {{ folder: string, env: NodeJS.ProcessEnv }} context
 * @returns {HostJava}
 */
export function findJava({ folder, env }) {
  const command = locateJava(env);
  const cache = join(folder, 'host-java.json');
  const java = readCached(cache, command) ?? askJava(command, env);
  if (java.major < OLDEST_JAVA) {
    throw new SetupError('JAVA_TOO_OLD', {
      command,
      version: java.version,
      mend: mendOldJava(env),
    });
  }
  writeCached(cache, command, java);
  return java;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
function locateJava(env) {
  const home = env.JAVA_HOME;
  if (home) {
    const command = join(home, 'bin', 'java');
    if (!existsSync(command)) {
      throw new SetupError('JAVA_HOME_WRONG', { home });
    }
    return command;
  }
  const command = findOnPath('java', env);
  if (command === undefined) {
    throw new SetupError('JAVA_MISSING');
  }
  return command;
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {HostJava}
 */
function askJava(command, env) {
  const asked = spawnSync(command, ['-XshowSettings:properties', '-version'], {
    encoding: 'utf8',
    env,
    timeout: 30_000,
  });
  const output = `${asked.stderr ?? ''}\n${asked.stdout ?? ''}`;
  const version = parseJavaVersion(output);
  if (version === undefined) {
    const said = asked.error?.message ?? (output.trim().split('\n')[0] || 'nothing');
    throw new SetupError('JAVA_UNREADABLE', { command, output: said });
  }
  const home = /^\s*java\.home = (.+)$/m.exec(output)?.[1] ?? dirname(dirname(command));
  const own = join(home, 'bin', 'java');
  return { command: existsSync(own) ? own : command, home, ...version };
}

/**
 * Reads what `java -version` prints. Vendors agree on the quoted version and, since Java 9, on the build in
 * brackets after "Runtime Environment" (JEP 223, JEP 322); Java 8 and older call themselves 1.8.
 * @param {string} output
 * @returns {{ version: string, major: number } | undefined}
 */
export function parseJavaVersion(output) {
  const short = /^\S+ version "([^"]+)"/m.exec(output)?.[1];
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(short ?? '') ?? [];
  if (short === undefined || first === undefined) {
    return undefined;
  }
  const build = /Runtime .*\(build ([^),\s]+)/.exec(output)?.[1];
  return { version: build ?? short, major: Number(first === '1' ? second : first) };
}

/**
 * @param {string} cache
 * @param {string} command
 * @returns {HostJava | undefined}
 */
function readCached(cache, command) {
  try {
    const { identity, java } = JSON.parse(readFileSync(cache, 'utf8'));
    return identity === identifyJava(command) && existsSync(java.command) ? java : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} cache
 * @param {string} command
 * @param {HostJava} java
 */
function writeCached(cache, command, java) {
  // Only a folder that set-up has made is written to: doctor must leave a fresh clone as it was.
  if (
    existsSync(dirname(cache)) &&
    readCached(cache, command) === undefined &&
    !isScript(command)
  ) {
    mkdirSync(dirname(cache), { recursive: true });
    writeFileSync(cache, `${JSON.stringify({ identity: identifyJava(command), java }, null, 2)}\n`);
  }
}

/** @param {string} command */
function identifyJava(command) {
  return `${command} ${identifyFile(command)}`;
}

/**
 * A shim (jenv, asdf) chooses a Java each time it runs, so its answer must not be kept.
 * @param {string} command
 */
function isScript(command) {
  const start = Buffer.alloc(2);
  const file = openSync(command, 'r');
  readSync(file, start);
  closeSync(file);
  return start.toString() === '#!';
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
function mendOldJava(env) {
  const known = ['/usr/lib/jvm/java-17-openjdk-amd64', '/usr/lib/jvm/java-17-openjdk-arm64'];
  const installed = known.find((home) => existsSync(join(home, 'bin', 'java')));
  if (installed !== undefined) {
    return `Run \`export JAVA_HOME=${installed}\` and start again.`;
  }
  const start = env.JAVA_HOME ? 'Set JAVA_HOME to a Java 17 or newer' : 'Install Java 17';
  return `${start}: \`sudo apt-get install openjdk-17-jre-headless\`, or on macOS \`brew install openjdk@17\`.`;
}
