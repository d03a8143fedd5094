/** `npm run verify`: everything that must hold before a commit, without Kafka and Spark. Exits with 1 if one fails. */
import { join } from 'node:path';
import pc from 'picocolors';
import { type Check, runChecks } from './run-checks.ts';

const root = join(import.meta.dirname, '../..');

/** Architecture and docs are unit tests as well: they read files and need nothing that is started. */
const checks: readonly Check[] = [
  nodeCheck('format, lint', 'node_modules/@biomejs/biome/bin/biome', 'check'),
  nodeCheck('types', 'node_modules/typescript/bin/tsc'),
  nodeCheck('types of aws', 'node_modules/typescript/bin/tsc', '-p', 'infra/aws'),
  nodeCheck('aws template', 'infra/aws/src/print-template.ts', '--check'),
  nodeCheck('generated', 'control/src/print-generated.ts', '--check'),
  nodeCheck('errors page', 'control/src/print-errors.ts', '--check'),
  nodeCheck('tests', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit'),
];

const started = performance.now();
const failed = await runChecks(checks, root, (text) => console.log(text));
const seconds = ((performance.now() - started) / 1000).toFixed(1);
if (failed.length === 0) {
  console.log(pc.green(`All ${checks.length} checks hold, in ${seconds} s.`));
} else {
  console.log(pc.red(`Not as it should be: ${failed.join('; ')} (${seconds} s).`));
  process.exitCode = 1;
}

function nodeCheck(name: string, file: string, ...args: readonly string[]): Check {
  return { name, command: process.execPath, args: [file, ...args] };
}
