import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseSourceFile, type SourceFile } from './source-file.ts';

/** The folder that holds package.json. */
export const projectRoot = join(import.meta.dirname, '../../..');

/** Every file of TypeScript and JavaScript that people wrote, parsed, in the order of their paths. */
export function readProjectFiles(): readonly SourceFile[] {
  return globSync(['*.ts', '{control,producers,infra,bench}/**/*.{ts,mjs}'], {
    cwd: projectRoot,
    exclude: ['**/node_modules/**'],
  })
    .map((path) => path.replaceAll(sep, '/'))
    .toSorted()
    .map((path) => parseSourceFile(path, readFileSync(join(projectRoot, path), 'utf8')));
}
