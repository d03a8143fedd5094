import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkJars } from './ivy-jars.mjs';

/** @type {string} */
let root;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'jars-'));
  const jars = ['kafka/broker.jar', 'spark/connector.jar'];
  const lines = jars.map((jar) => `${createHash('sha256').update(jar).digest('hex')}  ${jar}`);
  writeFileSync(hashes(), `# a comment\n${lines.join('\n')}\n`);
  for (const jar of jars) writeJar(jar, jar);
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('exactly the pinned jars are accepted', () => {
  expect(() => check()).not.toThrow();
});

test('a missing jar is named', () => {
  rmSync(join(root, 'kafka', 'broker.jar'));
  expect(() => check()).toThrow('The jar kafka/broker.jar is missing.');
});

test.each(['', 'kafka/broker.ja', 'something else'])('a jar that holds %j is refused', (text) => {
  writeJar('kafka/broker.jar', text);
  expect(() => check()).toThrow('The jar kafka/broker.jar is damaged or replaced.');
});

test('a jar that is not pinned is refused', () => {
  writeJar('spark/stranger.jar', 'x');
  expect(() => check()).toThrow('The jar spark/stranger.jar is not expected.');
});

function check() {
  checkJars(hashes(), ['kafka', 'spark'], root);
}

function hashes() {
  return join(root, 'jars.sha256');
}

/**
 * @param {string} jar
 * @param {string} text
 */
function writeJar(jar, text) {
  mkdirSync(join(root, jar, '..'), { recursive: true });
  writeFileSync(join(root, jar), text);
}
