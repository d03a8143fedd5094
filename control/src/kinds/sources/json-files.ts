import { type Static, Type } from 'typebox';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { plainType } from '../../pyspark/spark-type.ts';
import { defineSource } from '../define-kind.ts';
import { pathField } from '../field.ts';
import { normalisePath } from '../normalise-path.ts';

const schema = Type.Object(
  {
    path: pathField(
      'Folder of the files. Put each there by a rename: it is read once, as it is when it is first seen. Names that ' +
        'begin with `_` or a dot are not read.',
      { examples: ['data/finance'] },
    ),
    'multi-line': Type.Optional(
      Type.Boolean({
        description:
          'Whether a file is one JSON object over any number of lines, or one object a line.',
        default: false,
      }),
    ),
    'max-files-per-batch': Type.Optional(
      Type.Integer({
        description: 'The most files that one batch takes, those changed first before others.',
        minimum: 1,
        maximum: 1_000_000,
        default: 1000,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

export default defineSource({
  name: 'json-files',
  summary:
    'Reads each new file of a folder: one event a file or one a line, for the decoder `json`. A dead letter names ' +
    'its file; of a whole file larger than `max-bytes` it has no value. An empty file holds no event.',
  schema,
  examples: [
    { config: { path: 'data/finance', 'multi-line': true } },
    { config: { path: 'data/events', 'max-files-per-batch': 50 } },
  ],
  gives: 'bytes',
  check: () => ({ columns: [{ name: 'value', type: plainType('BINARY') }] }),
  emit: (config) => ({
    path: normalisePath(config.path),
    functions: [config['multi-line'] ? readWhole(config) : readLines(config)],
  }),
});

/** A file that is too large is never read: one of 100 MB, taken into memory, would end the driver at each start. */
function readWhole(config: Config): string {
  return `\
def read(spark, path):
    """One row for each file of the folder: its bytes, its size, and where they came from."""
    files = (
        spark.readStream.format("binaryFile")
        .schema("path STRING, modificationTime TIMESTAMP, length BIGINT, content BINARY")
${fileOptions(config)}
        .load(path)
    )
    columns = [
        F.col("length").alias("size"),
        F.struct(
            F.col("_metadata.file_path").alias("path"),
            F.col("modificationTime").alias("modified"),
            F.col("length").alias("size"),
        ).alias("origin"),
    ]
    # Spark takes a whole file into memory, so of those that are too large it must not read a byte.
    fits = F.col("length") <= MAX_EVENT_BYTES
    read = files.where(fits).select(F.col("content").alias("value"), *columns)
    unread = files.where(~fits).select(F.lit(None).cast("binary").alias("value"), *columns)
    return read.union(unread)`;
}

function readLines(config: Config): string {
  return `\
def read(spark, path):
    """One row for each line of each file of the folder: its bytes, and where they came from."""
    return (
        spark.readStream.format("text")
        .option("lineSep", "\\n")
${fileOptions(config)}
        .load(path)
        .select(
            F.col("value").cast("binary").alias("value"),
            F.octet_length("value").alias("size"),
            F.struct(
                F.col("_metadata.file_path").alias("path"),
                F.col("_metadata.file_modification_time").alias("modified"),
            ).alias("origin"),
        )
    )`;
}

function fileOptions(config: Config): string {
  return `\
        .option("maxFilesPerTrigger", ${pythonLiteral(config['max-files-per-batch'] ?? 1000)})
        # Files much older than the newest one would otherwise be passed over in silence.
        .option("maxFileAge", "36500d")`;
}
