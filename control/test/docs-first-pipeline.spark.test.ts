import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './architecture/project-files.ts';
import { ranElsewhere } from './docs/command-table.ts';
import { readBlocks, readCommands, readSpecs } from './docs/read-docs.ts';
import { runAsWritten } from './docs/run-as-written.ts';
import {
  endServiceProcess,
  type ServiceProcess,
  startServiceProcess,
} from './fixtures/service-process.ts';
import { SparkOutput } from './fixtures/spark-output.ts';
import { waitUntil } from './fixtures/wait-until.ts';

/*
 * The README's reader: does what it says from top to bottom, with the real Spark, in a folder that looks like the
 * project. docs/operating.md goes on with the same pipeline.
 */

const folder = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
const merged = join(folder, 'data/ticks.csv');
const launcher = 'node control/bin/sluice.mjs';
let environment: Readonly<Record<string, string>>;
let service: ServiceProcess | undefined;

beforeAll(() => {
  copyFileSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  for (const name of ['control', 'infra', 'producers', 'node_modules', '.sluice']) {
    symlinkSync(join(projectRoot, name), join(folder, name));
  }
  const [ticks] = readSpecs('README.md');
  writeFileSync(join(folder, 'ticks.yaml'), ticks?.text ?? '');
  const output = new SparkOutput(join(folder, 'output'));
  output.commit({ 'part-0.csv': 'id,name\n1,one\n', 'part-1.csv': 'id,name\n2,two\n' });
  environment = environmentOf('0');
});
afterAll(async () => {
  await sluice('stop ticks --wait');
  if (service) await endServiceProcess(service, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe.each(['README.md', 'docs/operating.md'])('a reader of %s', (page) => {
  const commands = readCommands(page).filter(({ command }) => !(command in ranElsewhere));

  it.each(commands)('gets what is said by: $command', async ({ command }) => {
    if (command === 'npx sluice serve') return startService();
    const rows = countRows();
    // The README's commands go through npx; that it finds them needs no proof on every page.
    const written = page === 'README.md' ? command : command.replace(/^npx sluice/, launcher);
    const { code, output } = await runAsWritten(written, { folder, environment });
    expect(mayEndWith(command), output).toContain(code);
    if (page === 'README.md' && command === 'npx sluice status ticks') expectShown(output);
    if (command !== 'npx sluice start ticks') return;
    await waitUntil('more merged rows', () => countRows() > rows + 5, 90_000);
    await waitUntil('a report of progress', hasProgress);
  });
});

describe('afterwards', () => {
  it('the merged file has one header and each row of both runs once', async () => {
    await sluice('stop ticks --wait');
    const [header, ...rows] = readFileSync(merged, 'utf8').trimEnd().split('\n');
    expect(header).toBe('timestamp,value');
    const values = rows.map((row) => Number(row.split(',')[1])).toSorted((a, b) => a - b);
    expect(values).toEqual(values.map((_, place) => place));
  });

  it('the output of the other job is merged as a whole', () => {
    expect(readFileSync(join(folder, 'all.csv'), 'utf8')).toBe('id,name\n1,one\n2,two\n');
  });
});

/** What the README shows of a status has the lines that a status has; its numbers are its own. */
function expectShown(output: string): void {
  const [shown] = readBlocks('README.md').filter(({ language }) => language === 'text');
  const labels = (text = '') =>
    text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' ')[0]);
  expect(labels(output)).toEqual(labels(shown?.text));
}

/** Doctor tells the truth about the machine, which may have a port taken just now. */
function mayEndWith(command: string): readonly number[] {
  return command === 'npx sluice doctor' ? [0, 3] : [0];
}

/** A free port is only known once the service has it, so commands get their environment anew. */
async function startService(): Promise<void> {
  service = await startServiceProcess(environmentOf('0'));
  environment = environmentOf(new URL(service.url).port);
}

function countRows(): number {
  return existsSync(merged) ? readFileSync(merged, 'utf8').split('\n').length : 0;
}

async function hasProgress(): Promise<boolean> {
  const answer = await fetch(`${service?.url}/api/v1/pipelines/ticks/status`);
  return 'progress' in ((await answer.json()) as object);
}

function sluice(rest: string) {
  return runAsWritten(`${launcher} ${rest}`, { folder, environment });
}

function environmentOf(port: string): Readonly<Record<string, string>> {
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: process.env.HOME ?? folder,
    SLUICE_PORT: port,
    SLUICE_STATE: join(folder, 'state'),
    SLUICE_WORK_FOLDER: folder,
  };
}
