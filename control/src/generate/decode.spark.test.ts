import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSparkProgram } from '../../test/fixtures/spark-runtime.ts';
import { lintSpec } from '../lint/lint-spec.ts';
import { generateJob } from './generate-job.ts';

/** A job with names that need backticks, so that Spark itself says whether they are quoted rightly. */
const spec = JSON.stringify({
  pipeline: 'odd-events',
  source: { kafka: { servers: 'h:1', topic: 't' } },
  decode: {
    json: {
      schema: 'id STRING, `how many` BIGINT, `a.b "c" 😀` ARRAY<STRUCT<`x\'y`: STRING, on: DATE>>',
      required: ['id'],
      'max-bytes': 200_000,
    },
  },
  transforms: [
    { explode: { column: '`a.b "c" 😀`', as: 'each one' } },
    {
      select: [
        'id',
        '`how many`',
        { column: "`each one`.`x'y`", as: 'last, "quoted"' },
        '`each one`.on',
      ],
    },
  ],
  sink: { csv: { path: 'data/x' } },
});

/** Runs the job's own functions over a table of events instead of a topic. */
const program = `
import base64, json, sys
sys.path.insert(0, sys.argv[1])
import odd_events as job
from pyspark.sql import functions as F
spark = job.start_spark("data")
spark.sparkContext.setLogLevel("ERROR")
events = [(n, None if v is None else bytearray(base64.b64decode(v))) for n, v in json.load(open(sys.argv[2]))]
table = spark.createDataFrame(events, "name STRING, value BINARY").select(
    "value", F.octet_length("value").alias("size"), F.struct(F.col("name").alias("topic"), F.lit(0).alias("partition"),
    F.lit(7).cast("bigint").alias("offset"), F.lit(None).cast("timestamp").alias("timestamp")).alias("origin"))
rows = job.transform(job.decode(table))
columns = [f"\`{column}\`" for column in rows.columns if column != "_dead_letter"]
found = rows.select("_dead_letter", F.to_csv(F.struct(*columns), job.CSV_OPTIONS).alias("row")).collect()
json.dump({"rows": [row.row for row in found if row._dead_letter is None],
           "dead": [json.loads(row._dead_letter) for row in found if row._dead_letter]}, open(sys.argv[3], "w"))
`;

const good = '{"id":"good","how many":3,"a.b \\"c\\" 😀":[{"x\'y":"p,\\"q\\"","on":"2026-01-02"}]}';

type Event = readonly [name: string, bytes: Buffer | null];
const events: readonly Event[] = [
  ['good', Buffer.from(good)],
  ['two elements', Buffer.from('{"id":"two","a.b \\"c\\" 😀":[{"x\'y":"1"},{"x\'y":""}]}')],
  ['no elements', Buffer.from('{"id":"e","a.b \\"c\\" 😀":[]}')],
  ['no list', Buffer.from('{"id":"e"}')],
  ['null', null],
  ['no bytes', Buffer.alloc(0)],
  ['blanks', Buffer.from('  ')],
  ['no JSON', Buffer.from('hello')],
  ['JSON null', Buffer.from('null')],
  ['a list', Buffer.from(`[${good}]`)],
  ['a tail', Buffer.from(`${good} oops`)],
  ['two objects', Buffer.from(`${good},${good}`)],
  ['a way out of the list', Buffer.from(`${good}], "events": [${good}`)],
  ['an end of the list', Buffer.from(`${good}]} oops`)],
  ['another field behind the list', Buffer.from(`${good}], "x": [${good}`)],
  ['a wrong type', Buffer.from('{"id":"e","how many":"three"}')],
  ['a missing field', Buffer.from('{"how many":3}')],
  ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['5 MB', Buffer.from(`{"id":"${'x'.repeat(5_000_000)}"}`)],
  ['deep nesting', Buffer.from(`{"id":"e","other":${'['.repeat(5000)}${']'.repeat(5000)}}`)],
];

let folder: string;
let answers: {
  readonly rows: readonly string[];
  readonly dead: readonly { readonly topic: string }[];
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decode-'));
  const { pipeline } = lintSpec(spec, { roots: [join(folder, 'data')], workFolder: folder });
  if (pipeline !== undefined) {
    writeFileSync(join(folder, 'odd_events.py'), generateJob(pipeline).text);
  }
  writeFileSync(join(folder, 'program.py'), program);
  const table = events.map(([name, bytes]) => [name, bytes?.toString('base64') ?? null]);
  writeFileSync(join(folder, 'events.json'), JSON.stringify(table));
  answers = runProgram();
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function runProgram(): typeof answers {
  const files = ['program.py', '', 'events.json', 'answers.json'].map((file) => join(folder, file));
  runSparkProgram(folder, files);
  return JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'));
}

describe('the generated decode and transform, on real Spark', () => {
  it('give the rows of good events only; names with blanks, dots, quotes and emoji hold', () => {
    expect(answers.rows).toEqual(['good,3,"p,""q""",2026-01-02', 'two,,1,', 'two,,"",']);
  });

  it.each([
    ['null', 'no value'],
    ['no bytes', 'empty'],
    ['blanks', 'empty'],
    ['no JSON', 'not a JSON object'],
    ['JSON null', 'not a JSON object'],
    ['a list', 'not a JSON object'],
    ['a tail', 'not a JSON object'],
    ['two objects', 'more than one JSON object'],
    ['a way out of the list', 'text after the JSON object'],
    ['an end of the list', 'text after the JSON object'],
    ['another field behind the list', 'text after the JSON object'],
    ['a wrong type', 'a field is not of its declared type'],
    ['a missing field', 'required field id is missing'],
    ['not UTF-8', 'not UTF-8'],
    ['5 MB', 'larger than 200000 bytes'],
    ['deep nesting', 'not a JSON object'],
  ])('keep %s as one dead letter with the reason', (name, reason) => {
    expect(deadLetters(name)).toMatchObject([{ reason, partition: 0, offset: 7 }]);
  });

  it('keep the raw value as it came, in base64 when it is no text', () => {
    expect(deadLetters('no JSON')).toMatchObject([{ value: 'hello' }]);
    expect(deadLetters('not UTF-8')).toMatchObject([{ valueBase64: 'eyL//iJ9' }]);
  });
});

function deadLetters(name: string): readonly unknown[] {
  return answers.dead.filter(({ topic }) => topic === name);
}
