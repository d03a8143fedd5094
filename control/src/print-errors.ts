/** `node control/src/print-errors.ts [--check]`: writes docs/errors.md from the catalogues, or says that it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setupErrors } from '../../infra/setup/setup-errors.mjs';
import { demoErrors } from '../../infra/src/demo/demo-errors.ts';
import { producerErrors } from '../../producers/src/producer-errors.ts';
import { apiErrors } from './errors/api-errors.ts';
import { clusterErrors } from './errors/cluster-errors.ts';
import { generalErrors } from './errors/general-errors.ts';
import { glueErrors } from './errors/glue-errors.ts';
import { mergeErrors } from './errors/merge-errors.ts';
import { runErrors } from './errors/run-errors.ts';
import { specErrors } from './errors/spec-errors.ts';
import { storageErrors } from './errors/storage-errors.ts';

const page = join(import.meta.dirname, '../../docs/errors.md');

/** What set-up exits with, whatever it refuses. */
const SETUP_EXIT = 3;

interface Entry {
  readonly status?: number;
  readonly exit?: number;
  readonly found: string;
  readonly wanted: string;
  readonly next: string;
}

interface Chapter {
  readonly title: string;
  readonly about: string;
  readonly entries: Readonly<Record<string, Entry>>;
  /** What the process exits with, when the entries do not say. */
  readonly exit?: number;
}

const chapters: readonly Chapter[] = [
  { title: 'Everywhere', about: 'Any command or request may say these.', entries: generalErrors },
  {
    title: 'Specs',
    about: 'Findings of lint: in `sluice lint`, `sluice apply`, and the answers of the API.',
    entries: specErrors,
  },
  {
    title: 'Runs',
    about: 'Why a run was refused, or how it ended.',
    entries: runErrors,
  },
  {
    title: 'Runs on AWS Glue',
    about: 'What starting, following and stopping a run on AWS Glue may end with.',
    entries: glueErrors,
  },
  {
    title: 'Merging',
    about: 'What stops a merge or a check of a merged file.',
    entries: mergeErrors,
  },
  {
    title: 'Storage and AWS',
    about: 'What keeps Sluice from the files of a run in a bucket, or from another service of AWS.',
    entries: storageErrors,
  },
  {
    title: 'Spark cluster',
    about: 'What a standalone cluster cannot do for a run.',
    entries: clusterErrors,
  },
  {
    title: 'API and command line',
    about: 'What is wrong with a request, or with the service that should answer it.',
    entries: apiErrors,
  },
  {
    title: 'Set-up and doctor',
    about: 'Said by `npm run setup`, by every command that sets up, and by `npx sluice doctor`.',
    entries: setupErrors,
    exit: SETUP_EXIT,
  },
  { title: 'Producers', about: 'Said by `npm run produce`.', entries: producerErrors },
  {
    title: 'Demo',
    about: 'Said by `npm run demo`, beside those of set-up.',
    entries: { ...demoErrors, DEMO_USAGE: { ...demoErrors.DEMO_USAGE, exit: 2 } },
    exit: 1,
  },
];

const preface = `# Errors

Every error has a code and three sentences: what was found, what was wanted, what to do now. Words in braces stand for
values. \`npx sluice explain CODE\` says the same for the codes of the first five chapters.

Exit codes: 0 done, 1 it failed, 2 the input is wrong, 3 the machine or the service is not ready, 4 refused because
somebody else owns it.

<!-- Printed by \`npm run generate\` from control/src/errors/, infra/setup/setup-errors.mjs,
infra/src/demo/demo-errors.ts and producers/src/producer-errors.ts. Change those, not this page. -->
`;

/** The text of docs/errors.md. */
export function printErrors(): string {
  return [preface, ...chapters.map(printChapter)].join('\n');
}

function printChapter({ title, about, entries, exit }: Chapter): string {
  const shown = Object.entries(entries).map(([code, entry]) =>
    printEntry(code, { ...(exit === undefined ? {} : { exit }), ...entry }),
  );
  return [`## ${title}`, '', about, '', ...shown].join('\n');
}

function printEntry(code: string, { status, exit, found, wanted, next }: Entry): string {
  const http = status === undefined ? '' : `HTTP ${status}, `;
  const sentences = [`- Found: ${found}`, `- Wanted: ${wanted}`, `- Next: ${next}`]
    .filter((line) => !line.endsWith(': '))
    .map((line) => line.replaceAll('\n', ' '));
  return [`### ${code}`, '', `${http}exit ${exit}`, '', ...sentences, ''].join('\n');
}

function main(isCheck: boolean): number {
  const text = printErrors();
  if (isCheck && readFileSync(page, 'utf8') !== text) {
    console.error('docs/errors.md is out of date. Run `npm run generate` and commit the change.');
    return 1;
  }
  if (!isCheck) writeFileSync(page, text);
  return 0;
}

if (import.meta.main) {
  process.exitCode = main(process.argv.includes('--check'));
}
