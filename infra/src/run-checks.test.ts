import { tmpdir } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { type Check, runChecks } from './run-checks.ts';

it('says one line about a check that passes, without its output', async () => {
  const { failed, said } = await run([node('types', 'console.log("much")')]);
  expect(failed).toEqual([]);
  expect(said).toMatch(/^ok +types +\d+\.\d s$/);
});

it('shows both outputs of a check that fails, and names it', async () => {
  const script = 'console.log("found"); console.error("wanted"); process.exitCode = 3';
  const { failed, said } = await run([node('lint', script), node('types', '')]);
  expect(failed).toEqual(['lint']);
  expect(said).toMatch(/failed lint +\d+\.\d s\nfound\nwanted\n/);
});

it('fails when a command does not exist, and says why', async () => {
  const { failed, said } = await run([{ name: 'lint', command: '/absent/biome', args: [] }]);
  expect(failed).toEqual(['lint']);
  expect(said).toContain('ENOENT');
});

function node(name: string, script: string): Check {
  return { name, command: process.execPath, args: ['-e', script] };
}

async function run(checks: readonly Check[]) {
  const lines: string[] = [];
  const failed = await runChecks(checks, tmpdir(), (line) => {
    lines.push(stripVTControlCharacters(line));
  });
  return { failed, said: lines.join('\n') };
}
