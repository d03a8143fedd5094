import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runSparkProgram } from '../../test/fixtures/spark-runtime.ts';
import { lintSpec } from '../lint/lint-spec.ts';
import { generateJob } from './generate-job.ts';

/** Expressions at the edges of their types, and what they give for the row below. */
const cases: readonly (readonly [expression: string, result: unknown])[] = [
  ['most + 1', null],
  ['-most - 1', -(2 ** 63)],
  ['-most - 2', null],
  ['most * 2', null],
  ['-least', null],
  ['abs(least)', null],
  ['abs(-5 + least % 2)', 5],
  ['least % -1', 0],
  ['most % zero', null],
  ['most / zero', null],
  ['half / 0.0', null],
  ['half % 0', null],
  ['7 / 2', 3.5],
  ['-7 % 4', -3],
  ['half - 1 - 1', -1.5],
  ['half - (1 - 1)', 0.5],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * 4', 20],
  ['single + 1', 1.5],
  ['money + money', 199_999_999.98],
  ['money * money * money * money * money * money', null],
  ['ln(0)', null],
  ['floor(-0.5)', -1],
  ['round(2.5)', 3],
  ['round(half * 3, 1)', 1.5],
  ['power(2, 10)', 1024],
  ['sign(-3)', -1],
  ['to_date(word)', null],
  ["to_timestamp('nonsense') is null", true],
  ["to_date('2026-02-30')", null],
  ["to_date('2026-02-28')", '2026-02-28'],
  ['datediff(day, seen)', -1],
  ['hour(seen)', 23],
  ['hour(day)', 0],
  ['seen > day', true],
  ['upper(word)', "IT'S \\ 50%"],
  ["word = 'it''s \\ 50%'", true],
  ["word like 'it%\\%'", true],
  ["word like '%x%'", false],
  ['substring(word, 1, 2)', 'it'],
  ["replace(word, '%', ' percent')", "it's \\ 50 percent"],
  ["concat(word, '!', empty)", "it's \\ 50%!"],
  ['concat(word, missing)', null],
  ["starts_with(word, 'it') and not ends_with(word, 'x')", true],
  ['length(trim(concat(empty, word)))', 10],
  ['coalesce(missing, empty, word)', ''],
  ['nullif(zero, 0)', null],
  ['greatest(zero, half, 3)', 3],
  ['least(most, half)', 0.5],
  ["missing = 'x'", null],
  ['missing is null and word is not null', true],
  ["missing in ('a') or true", true],
  ['zero in (1, 0)', true],
  ['zero not in (1, 2)', true],
  ['half between 0 and 1', true],
  ['half not between 0 and 1', false],
  ["case when zero > 0 then 'more' when missing = 'x' then 'x' else 'none' end", 'none'],
  ['case when false then 1 end', null],
  ['if(zero = 0, 1, 2.5)', 1],
  ['not (zero > 1) and not zero < 0', true],
  ['9007199254740993', 9007199254740993n.toString()],
];

const values: Readonly<Record<string, readonly [type: string, sql: string]>> = {
  most: ['BIGINT', '9223372036854775807L'],
  least: ['INT', '-2147483648'],
  zero: ['INT', '0'],
  half: ['DOUBLE', '0.5D'],
  single: ['FLOAT', 'CAST(0.5 AS FLOAT)'],
  money: ['DECIMAL(10, 2)', 'CAST(99999999.99 AS DECIMAL(10, 2))'],
  word: ['STRING', '"it\'s \\\\ 50%"'],
  empty: ['STRING', '""'],
  missing: ['STRING', 'CAST(NULL AS STRING)'],
  day: ['DATE', 'DATE"2026-11-23"'],
  seen: ['TIMESTAMP', 'TIMESTAMP"2026-11-24 23:30:00"'],
};

const spec = JSON.stringify({
  pipeline: 'edges',
  source: { 'json-files': { path: 'data/in' } },
  decode: {
    json: {
      schema: Object.entries(values)
        .map(([name, [type]]) => `${name} ${type}`)
        .join(', '),
    },
  },
  transforms: [
    { filter: "missing is null and word <> 'x'" },
    { compute: Object.fromEntries(cases.map(([expression], index) => [`c${index}`, expression])) },
  ],
  sink: { csv: { path: 'data/out' } },
});

const row = Object.entries(values)
  .map(([name, [, sql]]) => `${sql} AS ${name}`)
  .join(', ');
const program = `
import json, sys
sys.path.insert(0, ".")
import edges as job
from pyspark.sql import functions as F
spark = job.start_spark("data")
spark.sparkContext.setLogLevel("ERROR")
answers = {}
for mode in ("true", "false"):
    spark.conf.set("spark.sql.ansi.enabled", mode)
    table = spark.sql(${JSON.stringify(`SELECT ${row}`)}).withColumn("_dead_letter", F.lit(None).cast("string"))
    rows = job.transform(table.union(table.withColumn("_dead_letter", F.lit("dead")).withColumn("missing", F.lit("x"))))
    wanted = [name for name in rows.columns if name[0] == "c"]
    answers[mode] = [row.text for row in rows.select(F.to_json(
        F.struct(*wanted, "_dead_letter"), {"ignoreNullFields": "false"}).alias("text")).collect()]
json.dump(answers, open("answers.json", "w"))
`;

let folder: string;
let answers: Readonly<Record<'true' | 'false', readonly string[]>>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'expressions-'));
  const { pipeline, findings } = lintSpec(spec, {
    roots: [join(folder, 'data')],
    workFolder: folder,
  });
  expect(findings).toEqual([]);
  writeFileSync(join(folder, 'edges.py'), pipeline === undefined ? '' : generateJob(pipeline).text);
  writeFileSync(join(folder, 'program.py'), program);
  runSparkProgram(folder, ['program.py']);
  answers = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'));
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('expressions give null instead of a failure, and the same in ANSI mode and out of it', () => {
  expect(answers.false).toEqual(answers.true);
  // Whole numbers beyond 2^53 are compared as text.
  const [first = '{}'] = answers.true;
  const found = JSON.parse(first.replaceAll(/:(\d{16})\b/g, ':"$1"'));
  const results = cases.map(([expression], index) => [expression, found[`c${index}`]]);
  expect(results).toEqual(cases);
});

it('a filter leaves the dead letters in', () => {
  expect(answers.true.map((text) => JSON.parse(text)._dead_letter)).toEqual([null, 'dead']);
});
