import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './architecture/project-files.ts';
import { readPartLines } from './fixtures/read-part-lines.ts';
import { runSparkProgram } from './fixtures/spark-runtime.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));

/** What the API was seen to send, or may: numbers in all spellings, and nothing where something was expected. */
const spellings = `{"results":[null, {},
  {"id":"exponent","current_price":1.5E9,"market_cap":15e+8,"total_volume":1.5E9,"high_24h":1.6E9,"low_24h":1500000000,
    "ath":1.5E-9,"roi":null,"ath_date":null,"atl_date":null,"last_updated":null},
  {"id":"free","current_price":0.0,"total_volume":5000,"high_24h":12.5,"low_24h":9.5,"roi":{"times":1.5E9}}]}`;

const good: Readonly<Record<string, string | Buffer>> = {
  'first.json': fixture('coin-markets-1.json'),
  'spellings.json': spellings,
  'last.json': fixture('coin-markets-2.json'),
};

/** Files that give no row, and why. An empty one has no reason: Spark passes over files without bytes. */
const bad: Readonly<Record<string, readonly [content: string | Buffer, reason?: string]>> = {
  'empty.json': [''],
  'blank.json': [' \n\n', 'empty'],
  'html.json': ['<html>busy</html>', 'not a JSON object'],
  'torn.json': ['{"results":[{"id":"torn","total_volume":5000},{"id":"to', 'not a JSON object'],
  'list.json': ['[{"id":"unwrapped","total_volume":5000}]', 'not a JSON object'],
  'null.json': ['{"results":null}', 'required field results is missing'],
  'refused.json': [
    '{"status":{"error_code":429,"error_message":"wait"}}',
    'required field results is missing',
  ],
  'dear.json': [
    '{"results":[{"id":"a","current_price":"dear","total_volume":5000}]}',
    'a field is not of its declared type',
  ],
  'tail.json': ['{"results":[]} oops', 'not a JSON object'],
  'twice.json': ['{"results":[]}, {"results":[]}', 'more than one JSON object'],
  'bytes.json': [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'not UTF-8'],
  '100-mb.json': ['{"results":[', 'larger than 10485760 bytes'],
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crypto-markets-'));
  mkdirSync(join(folder, 'finance'));
  mkdirSync(join(folder, 'good'));
  const contents = Object.entries(bad).map(([name, [content]]) => [name, content] as const);
  const { 'first.json': first, ...later } = good;
  const inOrder = [['first.json', first ?? ''] as const, ...contents, ...Object.entries(later)];
  for (const [index, [name, content]] of inOrder.entries()) {
    const path = join(folder, 'finance', name);
    writeFileSync(path, content);
    if (name === '100-mb.json') truncateSync(path, 100 * 1024 * 1024);
    utimesSync(path, 1_800_000_000 + index, 1_800_000_000 + index);
  }
  for (const [name, content] of Object.entries(good)) {
    writeFileSync(join(folder, 'good', name), content);
  }
  const text = readFileSync(join(projectRoot, 'spark-jobs/generated/crypto_markets.py'), 'utf8');
  const inFiles = '.option("maxFilesPerTrigger", ';
  expect(text).toContain(`${inFiles}1000)`);
  // Batches of five, so that some hold nothing but bad files, and good ones come after them.
  writeFileSync(join(folder, 'crypto_markets.py'), text.replace(`${inFiles}1000)`, `${inFiles}5)`));
  runSparkProgram(folder, [join(import.meta.dirname, 'fixtures/crypto_by_hand.py')]);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true }));

const generation = 'output/crypto-markets/generation-1';

const readRows = () => readPartLines(join(folder, generation, 'parts/outcome=row'));

function readRow(id: string): string {
  return readRows().find((line) => line.startsWith(`${id},`)) ?? '';
}

describe('the generated job of crypto-markets, on real Spark', () => {
  it('gives row for row what the same job written by hand gives of the good files alone', () => {
    const rows = readRows();
    expect(rows).toEqual(readPartLines(join(folder, 'by-hand')));
    expect(rows).toHaveLength(12);
  });

  it('leaves the volatility empty where the price is 0, and times where a text is none', () => {
    expect(readRow('price-zero')).toMatch(/,3,Tuesday,$/);
    expect(readRow('firstcoin')).toMatch(/,3,Tuesday,3\.070369\d+$/);
    expect(readRow('bad-dates')).toBe(
      'bad-dates,Bad-Dates,bad,10.0,1000000.0,5000.0,12.5,9.5,0.25,2.5,99.5,,0.5,,,,,,,,30.0',
    );
    expect(readRow('other-zone')).toContain(',2026-11-25T01:30:00.000000Z,,,,1,Wednesday,');
  });

  it('takes numbers in all spellings, and a roi, dates and fields that are null or absent', () => {
    expect(readRow('exponent')).toBe(
      'exponent,,,1.5E9,1.5E9,1.5E9,1.6E9,1.5E9,,,1.5E-9,,,,,,,,,,6.666666666666667',
    );
    expect(readRow('free')).toBe('free,,,0.0,,5000.0,12.5,9.5,,,,,,,,,,1.5E9,,,');
  });

  it('goes on behind batches of bad files, and names each of them in a dead letter with the reason', () => {
    const commits = readdirSync(join(folder, generation, 'checkpoint/commits'));
    expect(commits.filter((name) => /^\d+$/.test(name))).toHaveLength(3);
    const letters = readPartLines(join(folder, generation, 'parts/outcome=dead-letter')).map(
      (line) => JSON.parse(line),
    );
    const found = letters.map(({ path, reason }) => `${path.replace(/^.*\//, '')}: ${reason}`);
    const wanted = Object.entries(bad).flatMap(([name, [, reason]]) =>
      reason === undefined ? [] : [`${name}: ${reason}`],
    );
    expect(found.sort()).toEqual(wanted.sort());
    const large = letters.find(({ path }) => path.endsWith('100-mb.json'));
    expect(large).toMatchObject({ size: 100 * 1024 * 1024 });
    expect(large).not.toHaveProperty('value');
  });
});
