import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './architecture/project-files.ts';
import { readBlocks, readPage } from './docs/read-docs.ts';
import { runAsWritten } from './docs/run-as-written.ts';
import { SparkOutput } from './fixtures/spark-output.ts';

/*
 * The reader of docs/merged-file.md: does what it says from top to bottom. Its Python runs where the tools of the bench
 * are there, or a python3 that has them.
 */

const page = 'docs/merged-file.md';
const folder = mkdtempSync(join(tmpdir(), 'sluice-docs-merged-'));
const launcher = `node ${join(projectRoot, 'control/bin/sluice.mjs')}`;
const python = [join(projectRoot, '.sluice/bench/bin/python3'), 'python3'].find(hasTools);

beforeAll(() => {
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const output = new SparkOutput(join(folder, 'output'));
  output.commit({ 'part-0.csv': 'id,name\n1,one\n', 'part-1.csv': 'id,name\n2,"two,\ntoo"\n' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(`a reader of ${page}`, () => {
  it.each(readBlocks(page).filter(({ language }) => language !== 'text'))(
    'gets two rows, or what is said, by the $language block of line $line',
    async ({ language, text }) => {
      if (language === 'sh') {
        const ended = await runAsWritten(text.replaceAll('npx sluice', launcher), {
          folder,
          environment: { PATH: process.env.PATH ?? '' },
        });
        expect(ended.code, ended.output).toBe(0);
      }
      if (language === 'js') expect(runNode(text)).toBe('2');
      if (language === 'python' && python !== undefined) expect(runPython(text)).toBe('2');
    },
    60_000,
  );

  it('finds afterwards what the page promised', () => {
    expect(readFileSync(join(folder, 'snapshot.csv'), 'utf8')).toBe(
      'id,name\n1,one\n2,"two,\ntoo"\n',
    );
    expect(existsSync(join(folder, 'days-000002.csv'))).toBe(true);
    expect(readFileSync(join(folder, 'anew.csv'), 'utf8')).toBe('id,name\n1,one\n');
  });
});

describe('the table of faults', () => {
  const rows = [...readPage(page).matchAll(/^\| (F\d\d)\s.*\]\(\.\.\/(\S+\.ts)\)/gm)];

  it('has F01 to F17, F30, F31 and F47', () => {
    const wanted = Array.from({ length: 17 }, (_, n) => `F${String(n + 1).padStart(2, '0')}`);
    expect(rows.map(([, fault]) => fault)).toEqual([...wanted, 'F30', 'F31', 'F47']);
  });

  it.each(rows.map(([, fault, test]) => ({ fault, test })))(
    'names for $fault a test that has it in its title',
    ({ fault, test = '' }) => {
      expect(readFileSync(join(projectRoot, test), 'utf8')).toMatch(
        new RegExp(`['"\`][^'"\`]*${fault}\\b`),
      );
    },
  );
});

function hasTools(command: string): boolean {
  return spawnSync(command, ['-c', 'import duckdb, pandas']).status === 0;
}

function runNode(text: string): string {
  const file = join(folder, 'read.mjs');
  writeFileSync(file, text);
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }).trim();
}

function runPython(text: string): string {
  return execFileSync(python ?? '', ['-c', text], { cwd: folder, encoding: 'utf8' }).trim();
}
