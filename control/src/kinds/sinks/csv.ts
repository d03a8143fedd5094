import { Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import type { Column } from '../../pyspark/spark-type.ts';
import { shortType } from '../column-problems.ts';
import { defineSink, type KindProblem } from '../define-kind.ts';
import { pathField } from '../field.ts';
import { normalisePath } from '../normalise-path.ts';

const schema = Type.Object(
  {
    path: pathField(
      'Folder of the parts. Sluice keeps numbered generations in it, each with its own checkpoint.',
      { examples: ['data/device-events'] },
    ),
  },
  { additionalProperties: false },
);

function checkColumn(column: Column): readonly KindProblem[] {
  const { type, name } = column;
  if (type.kind === 'decimal' || (type.kind === 'plain' && type.name !== 'BINARY')) {
    return [];
  }
  const parameters = {
    name: quoteText(name),
    type: shortType(type),
    example: exampleField(column),
  };
  return [{ rule: 'CSV_COLUMN_TYPE', parameters, path: [] }];
}

function exampleField({ name, type }: Column): string {
  const field = type.kind === 'struct' ? type.fields[0]?.name : undefined;
  return field === undefined ? `without ${quoteText(name)}` : quoteText(`${name}.${field}`);
}

export default defineSink({
  name: 'csv',
  summary:
    'Writes rows as CSV (RFC 4180, UTF-8, times in UTC) into part files, which `merge` puts together.',
  schema,
  examples: [{ config: { path: 'data/device-events' }, input: 'id STRING, seen TIMESTAMP' }],
  keepsParts: true,
  check: (_config, input) => input.flatMap(checkColumn),
  emit: (config, { deadLetters }) => ({
    path: normalisePath(config.path),
    constants: [csvOptions],
    session: deadLetters ? [concurrentWriters, plainFiles] : [plainFiles],
    functions: [deadLetters ? writeBoth : writeRows, localFiles],
  }),
});

const csvOptions = `\
# RFC 4180: quotes are doubled, nothing is trimmed. A null is empty, an empty text is "".
CSV_OPTIONS = {
    "sep": ",",
    "quote": '"',
    "escape": '"',
    "ignoreLeadingWhiteSpace": "false",
    "ignoreTrailingWhiteSpace": "false",
    "dateFormat": "yyyy-MM-dd",
    "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
}`;

const concurrentWriters = `\
# Rows and dead letters are written at the same time, without a sort by outcome before.
.config("spark.sql.maxConcurrentOutputFileWriters", 4)`;

const plainFiles = '.config("spark.hadoop.fs.file.impl", local_files(output))';

const localFiles = `\
def local_files(output):
    """Local files have no .crc file beside each, but S3A can only upload from those that have."""
    name = "LocalFileSystem" if output.startswith("s3a:") else "RawLocalFileSystem"
    return f"org.apache.hadoop.fs.{name}"`;

const writeBoth = `\
def write(rows, output, trigger):
    """Starts the query: CSV rows and dead letters as text, both in one atomic commit a batch."""
    is_row = F.col("_dead_letter").isNull()
    columns = [f"\`{name}\`" for name in rows.columns if name != "_dead_letter"]
    return (
        rows.observe(
            "sluice",
            F.count(F.when(is_row, 1)).alias("rows"),
            F.count("_dead_letter").alias("deadLetters"),
        )
        .select(
            F.when(is_row, "row").otherwise("dead-letter").alias("outcome"),
            F.coalesce("_dead_letter", F.to_csv(F.struct(*columns), CSV_OPTIONS)).alias("value"),
        )
        .writeStream.queryName(PIPELINE)
        .format("text")
        .partitionBy("outcome")
        .option("checkpointLocation", f"{output}/checkpoint")
        .trigger(**trigger)
        .start(f"{output}/parts")
    )`;

const writeRows = `\
def write(rows, output, trigger):
    """Starts the query: CSV rows as text, in one atomic commit a batch."""
    return (
        rows.observe("sluice", F.count(F.lit(1)).alias("rows"))
        .select(
            F.lit("row").alias("outcome"),
            F.to_csv(F.struct("*"), CSV_OPTIONS).alias("value"),
        )
        .writeStream.queryName(PIPELINE)
        .format("text")
        .partitionBy("outcome")
        .option("checkpointLocation", f"{output}/checkpoint")
        .trigger(**trigger)
        .start(f"{output}/parts")
    )`;
