import { readConfig } from '../config.ts';
import type { Finding } from '../errors/finding.ts';
import { checkSpec } from '../pipeline.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { say } from './print-text.ts';
import { readUserFile } from './read-user-file.ts';
import { showFinding } from './show-findings.ts';

export interface CheckedFile {
  readonly file: string;
  readonly bytes: Buffer;
  readonly findings: readonly Finding[];
  readonly pipeline?: Pipeline;
}

/** Lints a file of the user. Throws FILE_UNREADABLE. */
export function checkFile(file: string): CheckedFile {
  const bytes = readUserFile(file);
  return { file, bytes, ...checkSpec(readConfig(), bytes) };
}

/** Says all findings of a file. */
export function sayFindings({ file, bytes, findings }: CheckedFile): void {
  const text = bytes.toString('utf8');
  for (const finding of findings) say(showFinding(file, text, finding));
}
