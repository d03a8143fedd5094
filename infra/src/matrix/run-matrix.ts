/**
 * `npm run test:matrix [-- VERSION...]`: the tests of what is generated and merged, on each Spark version that jobs meet.
 * Writes docs/matrix.md when all versions have run; exits with 1 when a test fails.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printMatrix } from './print-matrix.ts';
import { readSuiteResults, type VersionResult } from './suite-results.ts';

const root = join(import.meta.dirname, '../../..');

/** Where each Spark is described. That of the project comes with every set-up, the others with `--with matrix`. */
const runtimes: Readonly<Record<string, string>> = {
  '3.5.7': '.sluice/matrix/3.5.7/runtime.json',
  '4.1.1': '.sluice/runtime.json',
  '4.2.0': '.sluice/matrix/4.2.0/runtime.json',
};

/** What runs, by the file of its tests. */
const suites: Readonly<Record<string, string>> = {
  'control/src/generate/decode.spark.test.ts': 'decoding of odd events',
  'control/src/generate/expressions.spark.test.ts':
    'expressions: null instead of failure, ANSI mode on and off',
  'control/test/crypto-markets.spark.test.ts':
    'crypto-markets against the same by hand, and bad files',
  'control/test/device-events.spark.test.ts': 'device-events against the same by hand',
  'control/test/journeys/device-events.journey.test.ts':
    'device-events from Kafka to one CSV, killed in between',
  'control/src/merge/merge.spark.test.ts': 'merge of awkward CSV',
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((version) => !Object.hasOwn(runtimes, version));
if (unknown.length > 0) {
  throw new Error(
    `unknown: ${unknown.join(', ')}; versions are ${Object.keys(runtimes).join(', ')}`,
  );
}
const versions = wanted.length === 0 ? Object.keys(runtimes) : wanted;
const results: VersionResult[] = [];
for (const version of versions) {
  results.push(await runOn(version));
}
const page = printMatrix({ suites, results, commit: readCommit(), at: new Date() });
if (versions.length === Object.keys(runtimes).length) {
  writeFileSync(join(root, 'docs/matrix.md'), page);
}
console.log(page);
if (results.some(({ passed }) => !passed)) process.exitCode = 1;

async function runOn(version: string): Promise<VersionResult> {
  console.error(`Spark ${version}`);
  const output = join(root, '.sluice', `matrix-${version}.json`);
  rmSync(output, { force: true });
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--project', 'real', '--reporter=default', '--reporter=json'],
      `--outputFile.json=${output}`,
      ...Object.keys(suites),
    ],
    {
      cwd: root,
      env: { ...process.env, SLUICE_RUNTIME: join(root, runtimes[version] ?? '') },
      stdio: ['ignore', 2, 2],
    },
  );
  const [code] = await once(child, 'exit');
  return {
    version,
    passed: code === 0,
    seconds: Math.round((performance.now() - started) / 1000),
    suites: readSuiteResults(readFileSync(output, 'utf8'), root),
  };
}

function readCommit(): string {
  const words = ['rev-parse', '--short', 'HEAD'];
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
}
