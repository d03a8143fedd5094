import { relative } from 'node:path';

/** What became of one file of tests on one Spark version. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
}

export interface VersionResult {
  readonly version: string;
  /** Whether the whole run ended well; a file that cannot even be set up has no failed test. */
  readonly passed: boolean;
  /** From the start of the first file to the end of the last, Spark's starts included. */
  readonly seconds: number;
  /** By the path of the file inside the project. */
  readonly suites: Readonly<Record<string, SuiteResult>>;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Reads what Vitest's JSON reporter wrote. A file that failed without a failed test counts as one.
 * @param root the project's folder, to which paths are made relative
 */
export function readSuiteResults(
  text: string,
  root: string,
): Readonly<Record<string, SuiteResult>> {
  const { testResults }: Report = JSON.parse(text);
  const entries = testResults.map((file) => {
    const count = (wanted: string): number =>
      file.assertionResults.filter(({ status }) => status === wanted).length;
    const failed = Math.max(count('failed'), file.status === 'passed' ? 0 : 1);
    return [relative(root, file.name), { passed: count('passed'), failed }] as const;
  });
  return Object.fromEntries(entries);
}
