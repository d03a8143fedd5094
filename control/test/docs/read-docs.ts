import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../architecture/project-files.ts';

/** A fenced block of a page; `line` is that of its fence, counted from 1. */
export interface DocBlock {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** A command line of an `sh` block. */
export interface DocCommand {
  readonly page: string;
  readonly command: string;
}

/** Every page of documentation, as paths from the project's folder. */
export function listPages(): readonly string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: projectRoot }).toSorted();
}

export function readPage(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8');
}

export function readBlocks(page: string, text: string = readPage(page)): readonly DocBlock[] {
  const fence = /^```(\w*)\n(.*?)^```$/gms;
  return [...text.matchAll(fence)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** The commands of a page in their order; comments and empty lines are none. */
export function readCommands(page: string, text?: string): readonly DocCommand[] {
  return readBlocks(page, text)
    .filter(({ language }) => language === 'sh')
    .flatMap((block) => block.text.replaceAll('\\\n', '').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((command) => ({ page, command }));
}

/** YAML blocks whose first line is `# spec`: whole specs, which lint must be content with. */
export function readSpecs(page: string, text?: string): readonly DocBlock[] {
  return readBlocks(page, text).filter(
    (block) => block.language === 'yaml' && block.text.startsWith('# spec\n'),
  );
}
