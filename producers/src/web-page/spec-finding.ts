/** One thing that is wrong in the YAML of a page; lines and columns count from 1. */
export interface SpecFinding {
  readonly line: number;
  readonly column: number;
  /** What is there and what should be. */
  readonly message: string;
  /** What to do, as one sentence. */
  readonly hint: string;
}

/** `quotes.yaml:3:5: ...`, which editors and terminals make a link of. */
export function printFindings(file: string, findings: readonly SpecFinding[]): string {
  return findings
    .toSorted((one, other) => one.line - other.line || one.column - other.column)
    .map(({ line, column, message, hint }) => `${file}:${line}:${column}: ${message} ${hint}`)
    .join('\n');
}
