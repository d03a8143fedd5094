import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintSpec } from '../src/lint/lint-spec.ts';
import { projectRoot } from './architecture/project-files.ts';
import { ranElsewhere, ranInOrder } from './docs/command-table.ts';
import { listPages, readCommands, readPage, readSpecs } from './docs/read-docs.ts';

const pages = listPages();
const commands = pages.flatMap((page) => readCommands(page));

describe('the documentation', () => {
  it('has no command that no test runs', () => {
    const unknown = commands
      .filter(({ page, command }) => !Object.hasOwn(ranElsewhere, command) && !ranInOrder[page])
      .map(({ page, command }) => `${page}: ${command}`);
    expect(unknown, 'run them in a docs test, or name who does in command-table.ts').toEqual([]);
  });

  it('names no test that does not run what it should', () => {
    const wrong = Object.entries(ranElsewhere)
      .filter(([, { test, words }]) => !readIfThere(test).includes(words))
      .map(([command, { test }]) => `${test} does not run ${command}`);
    const absent = Object.values(ranInOrder).filter((test) => !existsSync(join(projectRoot, test)));
    expect([...wrong, ...absent]).toEqual([]);
  });

  it('keeps no command in the table that no page has', () => {
    const written = commands.map(({ command }) => command);
    const stale = Object.keys(ranElsewhere).filter((command) => !written.includes(command));
    expect(stale).toEqual([]);
  });

  it('shows only specs that lint is content with', () => {
    const specs = pages.flatMap((page) => readSpecs(page));
    expect(specs.length).toBeGreaterThan(2);
    const findings = specs.flatMap(({ page, line, text }) =>
      lint(text).map((finding) => `${page}:${line + finding.line} ${finding.message}`),
    );
    expect(findings).toEqual([]);
  });

  it('lists every variable of the environment that the code reads, and no other', () => {
    const read = globSync('{control,infra}/{src,setup}/**/*.{ts,mjs}', { cwd: projectRoot })
      .filter((path) => !path.includes('.test.'))
      .flatMap((path) => variablesIn(readPage(path)));
    const listed = variablesIn(readPage('docs/operating.md'));
    expect([...new Set(listed)].toSorted()).toEqual([...new Set(read)].toSorted());
  });

  it('has no link that leads nowhere', () => {
    const broken = pages.flatMap((page) =>
      linksOf(readPage(page))
        .filter((link) => !existsSync(join(projectRoot, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('the reader of the documentation', () => {
  const page = [
    '# Title',
    '```sh',
    '# a comment',
    'one --a \\',
    '  --b',
    '',
    'two',
    '```',
    '```yaml',
    '# spec',
    'pipeline: 5',
    '```',
    '```yaml',
    'part: of a spec',
    '```',
    '[there](x.md) ![too](y.svg#part) [not](https://example.org) `[nor](z.md)`',
    '',
  ].join('\n');

  it('finds commands, also over several lines, and no comments', () => {
    expect(readCommands('x.md', page).map(({ command }) => command)).toEqual([
      'one --a   --b',
      'two',
    ]);
  });

  it('finds whole specs only, and what is wrong with them', () => {
    const [spec, ...others] = readSpecs('x.md', page);
    expect(others).toEqual([]);
    expect(spec?.line).toBe(9);
    expect(lint(spec?.text ?? '')).not.toEqual([]);
  });

  it('finds the links to files', () => {
    expect(linksOf(page)).toEqual(['x.md', 'y.svg']);
  });
});

function variablesIn(text: string): readonly string[] {
  return text.match(/\bSLUICE_[A-Z_]+/g) ?? [];
}

function lint(text: string) {
  return lintSpec(text, { roots: [projectRoot], workFolder: projectRoot }).findings;
}

function linksOf(text: string): readonly string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}

function readIfThere(path: string): string {
  const file = join(projectRoot, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
