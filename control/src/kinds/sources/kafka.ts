import { type Static, Type } from 'typebox';
import { quoteText } from '../../errors/quote-value.ts';
import { indent, layOutCall } from '../../pyspark/code-block.ts';
import { environmentImports, knownText, pythonText } from '../../pyspark/environment-reference.ts';
import { pythonLiteral } from '../../pyspark/python-literal.ts';
import { plainType } from '../../pyspark/spark-type.ts';
import { defineSource, type KindProblem } from '../define-kind.ts';
import { environmentField } from '../field.ts';

const schema = Type.Object(
  {
    servers: environmentField(
      'Kafka brokers to start from, as host:port, several joined by commas.',
      {
        examples: ['localhost:9092'],
      },
    ),
    topic: environmentField('The topic to read.', { examples: ['device-data-3'] }),
    from: Type.Optional(
      Type.Enum(['earliest', 'latest'], {
        description:
          'Where the first run starts in the topic. Later runs go on where the last one ended.',
        default: 'earliest',
      }),
    ),
    'max-events-per-batch': Type.Optional(
      Type.Integer({
        description:
          'The most events that one batch takes, so that a long backlog is worked off in even steps.',
        minimum: 1,
        maximum: 1_000_000_000,
        default: 100_000,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof schema>;

/** What Kafka itself takes (org.apache.kafka.common.internals.Topic). */
function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

/** Host names, IPv4 and bracketed IPv6 addresses; Kafka's own check comes only when the job starts. */
function isServerList(text: string): boolean {
  return text.split(',').every((server) => {
    const match = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5})$/.exec(
      server.trim(),
    );
    const port = Number(match?.[1] ?? 0);
    return port >= 1 && port <= 65_535;
  });
}

function check(config: Config): readonly KindProblem[] {
  const topic = knownText(config.topic);
  const servers = knownText(config.servers);
  const problems: KindProblem[] = [];
  if (servers !== undefined && !isServerList(servers)) {
    const parameters = { value: quoteText(servers) };
    problems.push({ rule: 'SERVERS', parameters, path: ['servers'] });
  }
  if (topic !== undefined && !isTopicName(topic)) {
    problems.push({ rule: 'TOPIC_NAME', parameters: { name: quoteText(topic) }, path: ['topic'] });
  }
  return problems;
}

export default defineSource({
  name: 'kafka',
  summary: 'Reads the events of one Kafka topic; each run goes on where the last one ended.',
  schema,
  examples: [
    { config: { servers: 'localhost:9092', topic: 'device-data-3' } },
    {
      config: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to the environment, not a template
        servers: '${KAFKA_SERVERS:-localhost:9092}',
        topic: 'device-data-3',
        from: 'latest',
        'max-events-per-batch': 20_000,
      },
    },
  ],
  gives: 'bytes',
  check: (config) => ({
    columns: [{ name: 'value', type: plainType('BINARY') }],
    problems: check(config),
  }),
  emit: (config) => ({
    imports: environmentImports([config.servers, config.topic]),
    packages: [connector],
    functions: [emitRead(config)],
  }),
});

/** Spark's Kafka connector has exactly Spark's version. */
const connector = 'org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.1';

function emitRead(config: Config): string {
  const option = (name: string, value: string): string =>
    indent(layOutCall('.option(', [pythonLiteral(name), value], { levels: 2 }), 2);
  return `\
def read(spark):
    """One row for each event of the topic: its value, and where it came from."""
    return (
        spark.readStream.format("kafka")
${option('kafka.bootstrap.servers', pythonText(config.servers))}
${option('subscribe', pythonText(config.topic))}
${option('startingOffsets', pythonLiteral(config.from ?? 'earliest'))}
${option('maxOffsetsPerTrigger', pythonLiteral(config['max-events-per-batch'] ?? 100_000))}
        # Offsets that have been deleted stop the query: going on would lose events in silence.
        .option("failOnDataLoss", "true")
        # Larger fetches than Kafka's defaults, which are made for many small consumers.
        .option("kafka.max.poll.records", 20000)
        .option("kafka.max.partition.fetch.bytes", 8388608)
        .load()
        .select(
            "value",
            F.octet_length("value").alias("size"),
            F.struct("topic", "partition", "offset", "timestamp").alias("origin"),
        )
    )`;
}
