import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { harmless } from '../src/cli/print-text.ts';
import { sampleSpec } from './fixtures/sample-spec.ts';
import { runCli } from './fixtures/service-process.ts';
import { SparkOutput } from './fixtures/spark-output.ts';

const fake = join(import.meta.dirname, 'fixtures/fake-spark-submit.mjs');
let folder: string;
let parts: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  writeFileSync(join(folder, 'good.yaml'), sampleSpec('good'));
  writeFileSync(join(folder, 'bad.yaml'), sampleSpec('bad').replace('topic:', 'topci:'));
  parts = makeParts();
});
afterAll(() => rm(folder, { recursive: true }));

test('lint exits 0 for good specs and 2 for bad ones, with place, line, caret and hint', async () => {
  expect(await sluice('lint', 'good.yaml')).toMatchObject({ code: 0, out: '' });
  const bad = await sluice('lint', 'good.yaml', 'bad.yaml');
  expect(bad.code).toBe(2);
  expect(bad.err).toMatch(/bad\.yaml:2:\d+ error FIELD_UNKNOWN/);
  const lines = bad.err.split('\n');
  const at = lines.findIndex((line) => line.includes('FIELD_UNKNOWN'));
  const [source = '', caret = ''] = lines.slice(at + 1);
  expect(source.slice(caret.indexOf('^')).startsWith('topci')).toBe(true);
  expect(bad.err).toContain('hint:');
  const json = JSON.parse((await sluice('lint', '--json', 'bad.yaml')).out);
  expect(json.error_count).toBeGreaterThan(0);
  expect(json.findings[0]).toMatchObject({ line: 2, level: 'error' });
});

test('render prints the job or writes it, and nothing of a bad spec', async () => {
  const printed = await sluice('render', 'good.yaml');
  expect(printed).toMatchObject({ code: 0, err: '' });
  expect(printed.out).toContain('SparkSession');
  await sluice('render', 'good.yaml', '-o', join(folder, 'job.py'));
  expect(readFileSync(join(folder, 'job.py'), 'utf8')).toBe(printed.out);
  expect(await sluice('render', 'bad.yaml')).toMatchObject({ code: 2, out: '' });
});

test('schema prints a JSON Schema', async () => {
  const schema = JSON.parse((await sluice('schema')).out);
  expect(JSON.stringify(schema)).toContain('pipeline');
});

test('merge merges what is committed and verify proves it, then sees a changed byte', async () => {
  const file = join(folder, 'merged.csv');
  const options = ['--header', 'absent', '--columns', 'a,b,c', '--only', 'outcome=row'];
  const merged = await sluice('merge', parts, '--into', file, ...options, '--json');
  expect(merged.code).toBe(0);
  expect(JSON.parse(merged.out)).toMatchObject({ parts: 3, rows: 9 });
  expect(readFileSync(file, 'utf8').split('\n')[0]).toBe('a,b,c');
  expect(await sluice('verify', parts, file)).toMatchObject({ code: 0 });
  writeFileSync(file, readFileSync(file, 'utf8').replace('event-1-1', 'event-9-9'));
  const verified = await sluice('verify', parts, file, '--json');
  expect(verified.code).toBe(1);
  expect(JSON.parse(verified.out)).toMatchObject({ ok: false, missing: 1, foreign: 1 });
  expect((await sluice('merge', parts, '--into', file, ...options, '--rebuild')).code).toBe(0);
  expect((await sluice('verify', parts, file)).code).toBe(0);
});

test('merge exits 3 when a committed row is not in the merged file, says why, and 0 once that is accepted', async () => {
  const output = new SparkOutput(join(folder, 'torn'));
  output.commit({ 'part-0.csv': 'id\n1\n', 'part-1.csv': 'id\n2\n', 'part-2.csv': 'id\n3\n' });
  rmSync(join(output.directory, 'part-1.csv'));
  const file = join(folder, 'torn.csv');
  const command = ['merge', output.directory, '--into', file, '--header', 'present'];
  const merged = await sluice(...command);
  expect(merged.code).toBe(3);
  expect(merged.err).toContain('MERGE_PART_MISSING');
  expect(merged.err).toContain('part-1.csv');
  expect(readFileSync(file, 'utf8')).toBe('id\n1\n3\n');
  const json = await sluice(...command, '--json');
  expect(json.code).toBe(3);
  expect(JSON.parse(json.out)).toMatchObject({ quarantined: [{ code: 'MERGE_PART_MISSING' }] });
  expect((await sluice(...command, '--accept-loss', 'part-0.csv')).code).toBe(2);
  expect((await sluice(...command, '--accept-loss', 'part-1.csv')).code).toBe(0);
  const later = await sluice(...command);
  expect(later).toMatchObject({ code: 0, err: expect.stringContaining('given up') });
});

test("merge rotates at a limit, and takes Spark's own dialect and delimiter", async () => {
  const output = new SparkOutput(join(folder, 'dialect'));
  output.commit({ 'part-0.csv': 'a;b\n"say \\"hi;\\"\n";2\n', 'part-1.csv': 'a;b\n3;4\n' });
  const file = join(folder, 'dialect.csv');
  const dialect = ['--header', 'present', '--escape', 'backslash', '--delimiter', ';'];
  const merged = await sluice(
    'merge',
    output.directory,
    '--into',
    file,
    ...dialect,
    '--rotate',
    '1rows',
  );
  expect(merged.code).toBe(0);
  expect(readFileSync(join(folder, 'dialect-000002.csv'), 'utf8')).toBe('a;b\n3;4\n');
  expect(await sluice('verify', output.directory, file)).toMatchObject({ code: 0 });
  expect((await sluice('merge', '.', '--into', 'x', '--rotate', '3 bananas')).code).toBe(2);
});

test('explain says what a code means and knows the nearest one', async () => {
  expect((await sluice('explain', 'port_taken')).out).toContain('SLUICE_PORT');
  const unknown = await sluice('explain', 'PORT_TAKE');
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('PORT_TAKEN');
});

test.each([
  [['frobnicate'], 2],
  [['lint'], 2],
  [['lint', 'absent.yaml'], 2],
  [['verify', '.'], 2],
  [['merge', '.', '--into', 'x', '--header', 'perhaps'], 2],
  [['status', '--url', 'http://127.0.0.1:1'], 3],
  [['--help'], 0],
  [['--version'], 0],
])('sluice %j exits %i', async (command, code) => {
  expect((await sluice(...command)).code).toBe(code);
});

test('help lists every command, doctor too', async () => {
  const { out } = await sluice('--help');
  for (const command of [
    'lint',
    'render',
    'schema',
    'serve',
    'apply',
    'start',
    'stop',
    'status',
    'runs',
    'logs',
    'delete',
    'merge',
    'verify',
    'explain',
    'doctor',
  ]) {
    expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  }
});

test('control characters of others do not reach the terminal', () => {
  expect(harmless('a\u001b[31mred\u001b[0m\u0007\rb\tc\u009b2J')).not.toMatch(/(?!\t)\p{Cc}/u);
  expect(harmless('plain ä 😀\tx')).toBe('plain ä 😀\tx');
});

function sluice(...command: string[]) {
  const environment = {
    PATH: process.env.PATH ?? '',
    SLUICE_WORK_FOLDER: folder,
    SLUICE_STATE: join(folder, 'state'),
  };
  const paths = command.map((word) => (word.endsWith('.yaml') ? join(folder, word) : word));
  return runCli(environment, ...paths);
}

/** The fake job writes three batches as Spark would. */
function makeParts(): string {
  const control = join(folder, 'data/generation-1/control/run-1');
  writeFileSync(join(folder, 'behaviour'), 'drains');
  execFileSync(process.execPath, [fake, 'job.py', '--control', control, '--run-id', 'run-1'], {
    env: { FAKE_FOLDER: folder },
  });
  return join(folder, 'data/generation-1/parts');
}
