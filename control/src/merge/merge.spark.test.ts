import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runtimeFile } from '../../test/fixtures/spark-runtime.ts';
import { readRuntime } from '../executors/runtime.ts';
import { mergeOnce } from './merge-once.ts';
import { verifyMerge } from './verify-merge.ts';

const project = join(import.meta.dirname, '../../..');
const program = join(project, 'control/test/fixtures/awkward_stream.py');
const batches = 13;
const values = [
  'plain',
  'comma, inside',
  'a "quoted" word',
  '"',
  'two\nlines',
  'carriage\r\nreturn',
  'back\\slash',
  'ends with a backslash\\',
  'comma, and a backslash\\',
  '\\"',
  'é 水 🚰',
  '\ufeffmark',
  '-5',
  '=1+1',
  '@cmd',
  '\tx',
  '',
  null,
  ' blanks ',
  'nul\0inside',
  '""\n"',
  '\n',
  'x,"y\\",\n\\',
  'x'.repeat(100_000),
];
let folder: string;

const rowsOf = (batch: number) => values.map((v, n) => ({ k: `${batch}-${n}`, v, dead: n === 3 }));
const allRows = Array.from({ length: batches }, (_, batch) => rowsOf(batch)).flat();
/** A null and an empty text are read alike. */
const inOrder = (rows: readonly (readonly (string | null)[])[]) =>
  rows.map((row) => row.join('\0')).sort();

async function runSpark(): Promise<void> {
  const runtime = readRuntime(runtimeFile);
  const { classData } = runtime;
  const fits = classData !== null && classData.javaVersion === runtime.java.version;
  const options = fits ? `-XX:SharedArchiveFile=${classData.archive} -Xshare:auto` : '-Xshare:auto';
  const settings = {
    'spark.driver.extraClassPath': runtime.spark.jars.join(delimiter),
    'spark.driver.extraJavaOptions': options,
    'spark.ui.enabled': 'false',
  };
  const conf = Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]);
  const where = ['--master', 'local[2]', '--driver-memory', '1g'];
  const args = [...where, ...conf, program, join(folder, 'input'), folder];
  const env = {
    ...process.env,
    PATH: `${dirname(runtime.python)}${delimiter}${process.env.PATH}`,
    SPARK_LOCAL_IP: '127.0.0.1',
    JAVA_HOME: dirname(dirname(runtime.java.command)),
  };
  const child = spawn(runtime.spark.submit, args, { cwd: folder, env });
  let log = '';
  child.stderr.on('data', (text) => {
    log = (log + text).slice(-20_000);
  });
  const [code] = await once(child, 'exit');
  expect(code, log).toBe(0);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice spark '));
  mkdirSync(join(folder, 'input'));
  for (let batch = 0; batch < batches; batch += 1) {
    const lines = rowsOf(batch).map((row) => JSON.stringify(row));
    writeFileSync(join(folder, 'input', `${batch}.json`), lines.join('\n'));
  }
  await runSpark();
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the merge of what real Spark wrote', () => {
  it('reads its compacted log and its rows in the backslash dialect, with the header found by itself', async () => {
    const directory = join(folder, 'csv out');
    expect(readdirSync(join(directory, '_spark_metadata'))).toContain('9.compact');
    const into = join(folder, 'rows.csv');
    const result = await mergeOnce({ directory, into, escape: 'backslash' });
    expect(result).toMatchObject({ parts: batches, rows: allRows.length });
    const verified = await verifyMerge(directory, into);
    expect(verified).toMatchObject({ ok: true, mergedRows: allRows.length, header: 'same' });
    const text = readFileSync(into, 'utf8');
    const parts = readdirSync(directory).filter((name) => name.startsWith('part-'));
    const bodies = parts.map((name) =>
      readFileSync(join(directory, name), 'utf8').slice('k,v\n'.length),
    );
    for (const body of bodies) expect(text.split(body)).toHaveLength(2);
    expect(text).toHaveLength('k,v\n'.length + bodies.join('').length);
  });

  it('gives rows and dead letters of one output, exactly as they went in', async () => {
    const directory = join(folder, 'text');
    const rows = join(folder, 'text.csv');
    const columns = ['k', 'v'];
    await mergeOnce({ directory, into: rows, header: 'absent', columns, only: { outcome: 'row' } });
    const sent = allRows.filter((row) => !row.dead).map((row) => [row.k, row.v]);
    const [header, ...merged] = parse(readFileSync(rows)) as string[][];
    expect(header).toEqual(columns);
    expect(inOrder(merged)).toEqual(inOrder(sent));
    expect(await verifyMerge(directory, rows)).toMatchObject({ ok: true, orphans: [] });

    const dead = join(folder, 'dead.jsonl');
    await mergeOnce({ directory, into: dead, format: 'lines', only: { outcome: 'dead-letter' } });
    const letters = readFileSync(dead, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const lost = allRows.filter((row) => row.dead).map((row) => [row.k, row.v]);
    expect(inOrder(letters.map(({ k, v }) => [k, v]))).toEqual(inOrder(lost));
    expect(await verifyMerge(directory, dead)).toMatchObject({ ok: true });
  });
});
