import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeProgram } from './fixtures/programs.mjs';
import { findJava, parseJavaVersion } from './host-java.mjs';

/** @type {string} */
let folder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'java-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const debian = `openjdk version "17.0.15" 2025-04-15
OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)
OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)`;
const oracle = `java version "21.0.2" 2024-01-16 LTS
Java(TM) SE Runtime Environment (build 21.0.2+13-LTS-58)
Java HotSpot(TM) 64-Bit Server VM (build 21.0.2+13-LTS-58, mixed mode, sharing)`;
const temurin = `openjdk version "17.0.9" 2023-10-17
OpenJDK Runtime Environment Temurin-17.0.9+9 (build 17.0.9+9)
OpenJDK 64-Bit Server VM Temurin-17.0.9+9 (build 17.0.9+9, mixed mode, sharing)`;
const graal = `openjdk version "17.0.5" 2022-10-18
OpenJDK Runtime Environment GraalVM CE 22.3.0 (build 17.0.5+8-jvmci-22.3-b08)
OpenJDK 64-Bit Server VM GraalVM CE 22.3.0 (build 17.0.5+8-jvmci-22.3-b08, mixed mode, sharing)`;
const semeru = `openjdk version "17.0.9" 2023-10-17
IBM Semeru Runtime Open Edition 17.0.9.0 (build 17.0.9+9)
Eclipse OpenJ9 VM 17.0.9.0 (build openj9-0.41.0, JRE 17 Linux amd64-64-Bit Compressed References)`;
const corretto = `Picked up JAVA_TOOL_OPTIONS: -Dfile.encoding=UTF-8
openjdk version "25" 2025-09-16 LTS
OpenJDK Runtime Environment Corretto-25.0.0.36.2 (build 25+36-LTS)
OpenJDK 64-Bit Server VM Corretto-25.0.0.36.2 (build 25+36-LTS, mixed mode, sharing)`;
const eight = `java version "1.8.0_391"
Java(TM) SE Runtime Environment (build 1.8.0_391-b13)
Java HotSpot(TM) 64-Bit Server VM (build 25.391-b13, mixed mode)`;
const early = `openjdk version "26-ea" 2026-03-17
OpenJDK Runtime Environment (build 26-ea+12-1010)`;

test.each([
  ['Debian', debian, 17, '17.0.15+6-Debian-1deb12u1'],
  ['Oracle', oracle, 21, '21.0.2+13-LTS-58'],
  ['Temurin', temurin, 17, '17.0.9+9'],
  ['GraalVM', graal, 17, '17.0.5+8-jvmci-22.3-b08'],
  ['Semeru', semeru, 17, '17.0.9+9'],
  ['Corretto with JAVA_TOOL_OPTIONS', corretto, 25, '25+36-LTS'],
  ['Java 8', eight, 8, '1.8.0_391-b13'],
  ['an early access build', early, 26, '26-ea+12-1010'],
])('the version that %s prints is read', (_vendor, output, major, version) => {
  expect(parseJavaVersion(output)).toEqual({ major, version });
});

test('output that names no version is not taken for one', () => {
  expect(parseJavaVersion('java: command not found')).toBeUndefined();
});

test('without any Java the error says how to install one', () => {
  expect(() => findJava({ folder, env: { PATH: folder } })).toThrow(
    /There is no `java` on the PATH/,
  );
});

test('a JAVA_HOME without a java is named', () => {
  const env = { PATH: folder, JAVA_HOME: join(folder, 'nowhere') };
  expect(() => findJava({ folder, env })).toThrow(`JAVA_HOME is ${join(folder, 'nowhere')}`);
});

test('an old Java is refused with its version, and JAVA_HOME goes before the PATH', () => {
  const old = fakeJava(join(folder, 'old'), eight);
  fakeJava(join(folder, 'new'), oracle);
  const env = { PATH: join(folder, 'new', 'bin'), JAVA_HOME: old };
  expect(() => findJava({ folder, env })).toThrow(`${old}/bin/java is Java 1.8.0_391-b13.`);
});

test('a java that does not run is quoted', () => {
  writeProgram(join(folder, 'bin', 'java'), 'echo "Error: no libjvm.so" >&2; exit 1');
  const env = { PATH: join(folder, 'bin') };
  expect(() => findJava({ folder, env })).toThrow('Error: no libjvm.so');
});

test('a shim is asked each time, because it may choose another Java', () => {
  const home = fakeJava(join(folder, 'shim'), oracle);
  const env = { PATH: join(home, 'bin') };
  expect(findJava({ folder, env })).toMatchObject({ major: 21, home });
  fakeJava(home, temurin);
  expect(findJava({ folder, env })).toMatchObject({ major: 17 });
  expect(existsSync(join(folder, 'host-java.json'))).toBe(false);
});

test('the Java of this machine is asked once and remembered while its file stays the same', () => {
  mkdirSync(join(folder, 'kept'));
  const java = findJava({ folder: join(folder, 'kept'), env: process.env });
  expect(java.major).toBeGreaterThanOrEqual(17);
  const cache = join(folder, 'kept', 'host-java.json');
  expect(JSON.parse(readFileSync(cache, 'utf8')).java).toEqual(java);
});

/**
 * @param {string} home
 * @param {string} output
 * @returns {string} the home
 */
function fakeJava(home, output) {
  const lines = `    java.home = ${home}\n${output}`;
  // Nothing but the shell itself, since the PATH of these tests leads to no other program.
  writeProgram(join(home, 'bin', 'java'), `echo '${lines}' >&2`);
  return home;
}
