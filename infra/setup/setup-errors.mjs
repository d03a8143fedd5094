/**
 * One line of the catalogue: what is there, what should be there, what to do now. `{name}` stands for a
 * parameter.
 * @typedef {object} SetupErrorEntry
 * @property {string} found
 * @property {string} wanted
 * @property {string} next
 */

/** Every error of set-up and doctor, by code. */
export const setupErrors = Object.freeze({
  NODE_TOO_OLD: {
    found: 'This is Node {version}.',
    wanted: 'Set-up needs Node 20 or newer.',
    next: 'Install Node 24 (for example `nvm install 24`) and start again.',
  },
  NODE_24_MISSING: {
    found: 'This is Node {version}, and there is no packaged Node 24 for {platform}.',
    wanted: 'Sluice runs on Node 24 or newer.',
    next: 'Install Node 24 (for example `nvm install 24`) and start again.',
  },
  NPM_MISSING: {
    found: 'There is no `npm` on the PATH that works.',
    wanted: 'npm 10 or newer must come with Node.',
    next: 'Install npm (on Debian and Ubuntu `sudo apt-get install npm`) and start again.',
  },
  JAVA_MISSING: {
    found: 'There is no `java` on the PATH and JAVA_HOME is not set.',
    wanted: 'Spark and Kafka need Java 17 or newer.',
    next: 'Install it: `sudo apt-get install openjdk-17-jre-headless`, or on macOS `brew install openjdk@17`.',
  },
  JAVA_HOME_WRONG: {
    found: 'JAVA_HOME is {home}, where there is no bin/java.',
    wanted: 'JAVA_HOME must be the folder of a Java 17 or newer, or not be set.',
    next: 'Correct it, or run `unset JAVA_HOME` to use the `java` on the PATH.',
  },
  JAVA_UNREADABLE: {
    found: '`{command} -version` said: {output}',
    wanted: 'It must print the version of a Java 17 or newer.',
    next: 'Install Java 17 and set JAVA_HOME to its folder.',
  },
  JAVA_TOO_OLD: {
    found: '{command} is Java {version}.',
    wanted: 'Spark and Kafka need Java 17 or newer.',
    next: '{mend}',
  },
  PYTHON_MISSING: {
    found: 'There is no `python3` on the PATH that works{detail}.',
    wanted: 'Spark needs Python 3.11 or newer.',
    next: 'Install it: `sudo apt-get install python3 python3-venv`, or on macOS `brew install python@3.12`.',
  },
  PYTHON_TOO_OLD: {
    found: '{command} is Python {version}.',
    wanted: 'Spark needs Python 3.11 or newer.',
    next: 'Install Python 3.11 or newer and set SLUICE_PYTHON to its path, for example `SLUICE_PYTHON=/usr/bin/python3.12`.',
  },
  PYTHON_WITHOUT_VENV: {
    found: '{command} (Python {version}) has no module {module}.',
    wanted: 'Set-up makes a virtual environment, which needs venv and ensurepip.',
    next: 'Run `sudo apt-get install {package}`.',
  },
  DISK_FULL: {
    found: 'The disk of {folder} has {free} free.',
    wanted: '{needed} must be free.',
    next: 'Free some space there, or clone Sluice onto a larger disk. `du -sh {folder}` tells what Sluice holds.',
  },
  FOLDER_NOT_WRITABLE: {
    found: 'The folder {folder} cannot be written to.',
    wanted: 'Set-up keeps everything it brings inside it.',
    next: 'Run `sudo chown -R "$(id -un)" {folder}`, or clone Sluice into a folder of yours.',
  },
  FOLDER_NAME_UNUSABLE: {
    found: 'The path {folder} holds {character}.',
    wanted: 'Java reads that as a separator, so its class paths would break.',
    next: 'Move the folder to a path without it.',
  },
  MEMORY_LOW: {
    found: '{free} of memory are available.',
    wanted: 'Kafka and one Spark driver need about {needed}.',
    next: 'Close other programs, or give the machine more memory.',
  },
  FILE_LIMIT_LOW: {
    found: 'A process may have {limit} files open.',
    wanted: 'Kafka and Spark need {needed}.',
    next: 'Run `ulimit -n 4096` in this shell and start again.',
  },
  CLOCK_WRONG: {
    found: 'The clock says {now}.',
    wanted: 'That is before this version of Sluice was made, so certificates would be refused.',
    next: 'Set the clock, for example with `sudo timedatectl set-ntp true`.',
  },
  PORT_TAKEN: {
    found: 'Port {port} ({purpose}) is taken by {holder}.',
    wanted: 'It must be free.',
    next: '{mend}',
  },
  REGISTRY_UNREACHABLE: {
    found: '{client} cannot reach its package registry: {problem}',
    wanted: 'Set-up fetches packages once; nothing is fetched after that.',
    next: 'Check the network and its proxy settings, then run `npm run setup` again; it goes on where it stopped.',
  },
  SETUP_BUSY: {
    found: 'Another set-up of this folder (process {pid}, since {since}) is still running.',
    wanted: 'Only one may run at a time.',
    next: 'Wait until it ends, or end it with `kill {pid}`, then start again.',
  },
  STEP_FAILED: {
    found: 'Set-up failed at "{step}": {problem}',
    wanted: '`{command}` must succeed.',
    next: 'Read {log}, mend the cause, then run `npm run setup` again; it goes on where it stopped.',
  },
  JAR_WRONG: {
    found: 'The jar {jar} is {problem}.',
    wanted:
      'Every jar must have the hash that jars.sha256 or jars-aws.sha256 in infra/setup gives.',
    next: 'Run `npm run setup` again; it fetches all jars anew.',
  },
  HOST_NOT_READY: {
    found: 'This machine is not ready:\n{problems}',
    wanted: 'Nothing was started.',
    next: 'Mend this, then start again. `npx sluice doctor` shows all checks.',
  },
  PART_UNKNOWN: {
    found: '"{part}" is no part of set-up.',
    wanted: 'The parts are: {parts}.',
    next: 'Run `npm run setup -- --with aws`, or leave `--with` out.',
  },
  PART_NOT_WHOLE: {
    found: '{step}: {problem}.',
    wanted: 'The AWS emulator needs it; nothing else does.',
    next: 'Run `npm run setup -- --with aws`.',
  },
  NOT_SET_UP: {
    found: '{step}: {problem}.',
    wanted: 'Every step of set-up must be done.',
    next: 'Run `npm run setup`.',
  },
});

/** @typedef {keyof typeof setupErrors} SetupErrorCode */
/** @typedef {Readonly<Record<string, string | number>>} SetupErrorParameters */

/**
 * The three sentences of an error, with parameters put in. A place without a value stays, so that it is seen.
 * @param {SetupErrorCode} code
 * @param {SetupErrorParameters} [parameters]
 * @returns {SetupErrorEntry}
 */
export function describeError(code, parameters = {}) {
  /** @param {string} sentence */
  const fillIn = (sentence) =>
    sentence.replaceAll(/\{(\w+)\}/g, (place, name) =>
      Object.hasOwn(parameters, name) ? String(parameters[name]) : place,
    );
  const entry = setupErrors[code];
  return { found: fillIn(entry.found), wanted: fillIn(entry.wanted), next: fillIn(entry.next) };
}

/** Thrown by set-up; the message says what was found and what was wanted. */
export class SetupError extends Error {
  /**
   * @param {SetupErrorCode} code
   * @param {SetupErrorParameters} [parameters]
   * @param {ErrorOptions} [options]
   */
  constructor(code, parameters = {}, options) {
    const { found, wanted, next } = describeError(code, parameters);
    super(`${found} ${wanted}`, options);
    this.name = 'SetupError';
    this.code = code;
    this.parameters = parameters;
    /** What to do now, as one sentence. */
    this.next = next;
  }
}
