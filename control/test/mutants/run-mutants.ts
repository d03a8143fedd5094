import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Mutant, mergeMutants } from './merge-mutants.ts';

// Puts one mistake at a time into a copy of the code and runs the test that must fail of it:
//   node run-mutants.ts [WORDS OF A MISTAKE]
const root = resolve(import.meta.dirname, '../../..');
const words = process.argv.slice(2).join(' ');
const copy = mkdtempSync(join(tmpdir(), 'sluice-mutants-'));
const survivors: string[] = [];
try {
  for (const name of [
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    'control',
    'infra',
    'producers',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const mutant of mergeMutants.filter(({ mistake }) => mistake.includes(words))) {
    const caught = isCaught(mutant);
    console.log(`${caught ? 'caught  ' : 'SURVIVED'} ${mutant.mistake} (${mutant.test})`);
    if (!caught) survivors.push(mutant.mistake);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = survivors.length === 0 ? 0 : 1;

interface Report {
  readonly numFailedTests: number;
}

function isCaught({ file, find, replace, test, title }: Mutant): boolean {
  const path = join(copy, 'control/src/merge', file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    sound.replace(find, () => replace),
  );
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const report = join(copy, 'report.json');
  const to = ['--reporter', 'json', '--outputFile', report];
  const args = [vitest, 'run', '--project', 'unit', '--project', 'proof', '--bail', '1', ...to];
  const only = title === '' ? [] : ['-t', title.replaceAll(/[()]/g, '.')];
  rmSync(report, { force: true });
  spawnSync(process.execPath, [...args, `control/src/merge/${test}`, ...only], {
    cwd: copy,
    encoding: 'utf8',
  });
  writeFileSync(path, sound);
  return (JSON.parse(readFileSync(report, 'utf8')) as Report).numFailedTests > 0;
}
