import { expect, it } from 'vitest';
import jsonFiles from './json-files.ts';

function readCode(config: object): string {
  return jsonFiles.emit(config).functions[0] ?? '';
}

it('reads whole files when an object may take several lines, and lines otherwise', () => {
  expect(readCode({ path: 'data/x', 'multi-line': true })).toContain('.format("binaryFile")');
  expect(readCode({ path: 'data/x' })).toContain('.option("lineSep", "\\n")');
});

it('takes no more files in a batch than the spec says', () => {
  const code = readCode({ path: 'data/x', 'max-files-per-batch': 7 });
  expect(code).toContain('.option("maxFilesPerTrigger", 7)');
});

it.each([true, false])('tells where each event came from (multi-line: %s)', (multiLine) => {
  const code = readCode({ path: 'data/x', 'multi-line': multiLine });
  expect(code).toContain('F.col("_metadata.file_path").alias("path")');
});

it('gives its path to the job, which knows where relative ones start', () => {
  expect(jsonFiles.emit({ path: './data//x/' }).path).toBe('data/x');
});
