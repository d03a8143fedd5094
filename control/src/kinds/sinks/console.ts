import { Type } from 'typebox';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { defineSink } from '../define-kind.ts';

const schema = Type.Object(
  {
    rows: Type.Optional(
      Type.Integer({
        description: 'The most rows shown of one batch.',
        minimum: 1,
        maximum: 1000,
        default: 20,
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineSink({
  name: 'console',
  summary: 'Prints the first rows of each batch to the log; keeps nothing. For trying things out.',
  schema,
  examples: [
    { config: {}, input: 'id STRING' },
    { config: { rows: 5 }, input: 'id STRING' },
  ],
  keepsParts: false,
  check: () => [],
  emit: (config, { deadLetters }) => ({
    functions: [emitWrite(config.rows ?? 20, deadLetters)],
  }),
});

/** Dead letters are shown among the rows: nothing is dropped in silence, here neither. */
function emitWrite(rows: number, deadLetters: boolean): string {
  const counts = deadLetters
    ? `rows.observe(
            "sluice",
            F.count(F.when(F.col("_dead_letter").isNull(), 1)).alias("rows"),
            F.count("_dead_letter").alias("deadLetters"),
        )`
    : 'rows.observe("sluice", F.count(F.lit(1)).alias("rows"))';
  return `\
def write(rows, trigger):
    """Starts the query: the first rows of each batch are printed; no checkpoint is kept."""
    return (
        ${counts}
        .writeStream.queryName(PIPELINE)
        .format("console")
        .option("numRows", ${pythonLiteral(rows)})
        .option("truncate", "false")
        .trigger(**trigger)
        .start()
    )`;
}
