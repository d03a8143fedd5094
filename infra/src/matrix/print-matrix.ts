import type { SuiteResult, VersionResult } from './suite-results.ts';

export interface Matrix {
  /** What runs, by the file of its tests. */
  readonly suites: Readonly<Record<string, string>>;
  readonly results: readonly VersionResult[];
  readonly commit: string;
  readonly at: Date;
}

/** The page docs/matrix.md. */
export function printMatrix({ suites, results, commit, at }: Matrix): string {
  const versions = results.map(({ version }) => version);
  const rows = Object.entries(suites).map(([file, title]) => {
    const cells = results.map((result) => describe(result.suites[file]));
    return `| [${title}](../${file}) | ${cells.join(' | ')} |`;
  });
  return `# Spark versions

The same spec gives the same rows on each of them, and a bad cast, date or division gives null and never ends a query.
\`npm run test:matrix\` runs the tests that say so on every version, fetching the Sparks and Kafka connectors it needs
into \`.sluice/matrix\`, and writes this page. The project's own Spark is 4.1.1, as in AWS Glue 6.0; 3.5.7 stands for
Glue 5.0 and 5.1. What is in buckets is tested on 4.1.1 only.

Written on ${at.toISOString().slice(0, 10)} at commit ${commit}. Seconds are those of a busy machine.

| what | ${versions.join(' | ')} |
| ---- | ${versions.map(() => '----').join(' | ')} |
${rows.join('\n')}
| seconds, all together | ${results.map(({ seconds }) => seconds).join(' | ')} |
`;
}

function describe(result: SuiteResult | undefined): string {
  if (result === undefined) return 'did not run';
  const { passed, failed } = result;
  return failed === 0 ? `${passed} passed` : `**${failed} failed**, ${passed} passed`;
}
