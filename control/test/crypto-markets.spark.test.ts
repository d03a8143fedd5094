import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = new URL('../../', import.meta.url);
const runtimeFile = new URL('.sluice/runtime.json', project);
const fixtures = ['coin-markets-1.json', 'coin-markets-2.json'];

/** Files that give no row; each but the empty one, in which Spark sees nothing, must be named in the dead letters. */
const broken: Readonly<Record<string, string | Buffer>> = {
  'empty.json': '',
  'html.json': '<html>busy</html>',
  'refused.json': '{"status":{"error_code":429,"error_message":"wait"}}',
  'torn.json': '{"results":[{"id":"torn","current_price":1},{"id":"to',
  'wrong-type.json': '{"results":[{"id":"a","current_price":"dear"}]}',
  'bytes.json': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
};

/** The same by hand, as a careful person writes it: other reader, other writer, SQL instead of our grammar. */
const program = `
import runpy, sys
sys.path.insert(0, ".")
import crypto_markets as job
from pyspark.sql import functions as F

spark = job.start_spark("data")
spark.sparkContext.setLogLevel("ERROR")
number = "current_price market_cap total_volume high_24h low_24h price_change_24h price_change_percentage_24h ath".split()
schema = "results ARRAY<STRUCT<id STRING, name STRING, symbol STRING, " + ", ".join(f"{n} DOUBLE" for n in number) + (
    ", ath_date STRING, atl DOUBLE, atl_date STRING, last_updated STRING,"
    " roi STRUCT<currency STRING, percentage DOUBLE, times DOUBLE>>>")
coins = spark.read.schema(schema).option("multiLine", True).json("good").select(F.inline("results"))
time = lambda name: f"try_to_timestamp({name}, \\"yyyy-MM-dd'T'HH:mm:ss.SSSX\\") AS {name}"
coins.selectExpr("id", "name", "symbol", *number, time("ath_date"), "atl", time("atl_date"), time("last_updated"),
    "roi.currency", "roi.percentage", "roi.times").where("total_volume > 1000").selectExpr("*",
    "hour(last_updated) AS hour_updated", "date_format(last_updated, 'EEEE') AS day_updated",
    "CASE WHEN current_price <> 0 THEN (high_24h - low_24h) / current_price * 100 END AS volatility_24h",
).coalesce(1).write.csv("by-hand", quote='"', escape='"', ignoreLeadingWhiteSpace=False,
    ignoreTrailingWhiteSpace=False, emptyValue='""', timestampFormat="yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX")
sys.argv = ["job", "--available-now"]
job.main()
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crypto-markets-'));
  for (const place of ['good', 'finance']) {
    mkdirSync(join(folder, place), { recursive: true });
    for (const file of fixtures) {
      copyFileSync(new URL(`fixtures/${file}`, import.meta.url), join(folder, place, file));
    }
  }
  for (const [file, content] of Object.entries(broken)) {
    writeFileSync(join(folder, 'finance', file), content);
  }
  copyFileSync(
    new URL('spark-jobs/generated/crypto_markets.py', project),
    join(folder, 'crypto_markets.py'),
  );
  writeFileSync(join(folder, 'program.py'), program);
  runProgram();
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function runProgram(): void {
  const { python, spark } = JSON.parse(readFileSync(runtimeFile, 'utf8'));
  execFileSync(python, ['program.py'], {
    cwd: folder,
    env: {
      ...process.env,
      SPARK_HOME: spark.home,
      SPARK_LOCAL_IP: '127.0.0.1',
      PYSPARK_PYTHON: python,
      PYSPARK_SUBMIT_ARGS:
        '--master local[1] --driver-memory 1g --conf spark.ui.enabled=false pyspark-shell',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** The lines of all parts of a folder, sorted. A record over two lines gives two, on both sides alike. */
function readLines(path: string, ending: string): readonly string[] {
  const files = readdirSync(join(folder, path)).filter((file) => file.endsWith(ending));
  const texts = files.map((file) => readFileSync(join(folder, path, file), 'utf8'));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

const parts = 'output/crypto-markets/generation-1/parts';

describe('the generated job of crypto-markets, on real Spark', () => {
  it('gives row for row what the same job written by hand gives', () => {
    const rows = readLines(`${parts}/outcome=row`, '.txt');
    expect(rows).toEqual(readLines('by-hand', '.csv'));
    expect(rows).toHaveLength(10);
  });

  it('leaves the volatility empty where the price is 0, and times where a text is none', () => {
    const rows = readLines(`${parts}/outcome=row`, '.txt');
    const row = (id: string): string => rows.find((line) => line.startsWith(`${id},`)) ?? '';
    expect(row('price-zero')).toMatch(/,3,Tuesday,$/);
    expect(row('firstcoin')).toMatch(/,3,Tuesday,3\.070369\d+$/);
    expect(row('bad-dates')).toBe(
      'bad-dates,Bad-Dates,bad,10.0,1000000.0,5000.0,12.5,9.5,0.25,2.5,99.5,,0.5,,,,,,,,30.0',
    );
    expect(row('other-zone')).toContain(',2026-11-25T01:30:00.000000Z,,,,1,Wednesday,');
  });

  it('names each file that it could not read in a dead letter, with the reason', () => {
    const dead = readLines(`${parts}/outcome=dead-letter`, '.txt').map((line) => {
      const { path, reason } = JSON.parse(line);
      return `${path.replace(/^.*\//, '')}: ${reason}`;
    });
    expect(dead.sort()).toEqual([
      'bytes.json: not UTF-8',
      'html.json: not a JSON object',
      'refused.json: required field results is missing',
      'torn.json: not a JSON object',
      'wrong-type.json: a field is not of its declared type',
    ]);
  });
});
