import { Type } from 'typebox';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { plainType } from '../../pyspark/spark-type.ts';
import { defineSource } from '../define-kind.ts';

const schema = Type.Object(
  {
    'rows-per-second': Type.Optional(
      Type.Integer({
        description: 'How many rows are made each second.',
        minimum: 1,
        maximum: 10_000_000,
        default: 1,
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineSource({
  name: 'rate',
  summary:
    'Makes rows out of nothing: `timestamp` (TIMESTAMP) and `value` (BIGINT, counting from 0). Needs no Kafka.',
  schema,
  examples: [{ config: {} }, { config: { 'rows-per-second': 100 } }],
  gives: 'columns',
  check: () => ({
    columns: [
      { name: 'timestamp', type: plainType('TIMESTAMP') },
      { name: 'value', type: plainType('BIGINT') },
    ],
  }),
  emit: (config) => ({ functions: [emitRead(config['rows-per-second'] ?? 1)] }),
});

function emitRead(rowsPerSecond: number): string {
  return `\
def read(spark):
    """Rows made out of nothing: a timestamp and a value that counts from 0."""
    return (
        spark.readStream.format("rate")
        .option("rowsPerSecond", ${pythonLiteral(rowsPerSecond)})
        .load()
    )`;
}
