import { type Static, Type } from 'typebox';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { plainType } from '../../pyspark/spark-type.ts';
import { hadoopPath } from '../../storage/place.ts';
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
    'its file. An empty file holds no event.',
  schema,
  examples: [
    { config: { path: 'data/finance', 'multi-line': true } },
    { config: { path: 'data/events', 'max-files-per-batch': 50 } },
  ],
  gives: 'bytes',
  check: () => ({ columns: [{ name: 'value', type: plainType('BINARY') }] }),
  emit: (config) => ({
    constants: [`SOURCE_PATH = ${pythonLiteral(hadoopPath(normalisePath(config.path)))}`],
    functions: [emitRead(config)],
  }),
});

function emitRead(config: Config): string {
  const isWhole = config['multi-line'] ?? false;
  const unit = isWhole ? 'file of the folder' : 'line of each file of the folder';
  const cut = isWhole ? '.option("wholetext", "true")' : '.option("lineSep", "\\n")';
  return `\
def read(spark):
    """One row for each ${unit}: its bytes, and where they came from."""
    return (
        spark.readStream.format("text")
        ${cut}
        .option("maxFilesPerTrigger", ${pythonLiteral(config['max-files-per-batch'] ?? 1000)})
        # Files much older than the newest one would otherwise be passed over in silence.
        .option("maxFileAge", "36500d")
        .load(SOURCE_PATH)
        .select(
            F.col("value").cast("binary").alias("value"),
            F.struct(
                F.col("_metadata.file_path").alias("path"),
                F.col("_metadata.file_modification_time").alias("modified"),
            ).alias("origin"),
        )
    )`;
}
