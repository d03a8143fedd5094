/** What one broker is told about itself; folders are absolute, ports are taken on 127.0.0.1. */
export interface BrokerSettings {
  readonly dataFolder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly advertisedPort: number;
}

/**
 * Text of a server.properties for one KRaft node that is broker and controller at once
 * (https://kafka.apache.org/documentation/#brokerconfigs). Internal topics get few partitions and the log
 * cleaner a small buffer, because this broker must start in seconds and live in half a gigabyte.
 */
export function writeBrokerProperties(settings: BrokerSettings): string {
  const { dataFolder, port, controllerPort, advertisedPort } = settings;
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': escapeProperty(dataFolder),
    'auto.create.topics.enable': false,
    'message.max.bytes': 10 * 1024 * 1024,
    'replica.fetch.max.bytes': 10 * 1024 * 1024,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    // A broker that was killed must wait for the end of its last session before it may come back.
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 500,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 4,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Text of a log4j2.properties that lets only warnings and errors through, to standard output. */
export function writeLogSettings(): string {
  return [
    'status=error',
    'appender.out.type=Console',
    'appender.out.name=OUT',
    'appender.out.layout.type=PatternLayout',
    'appender.out.layout.pattern=%d{ISO8601} %p %c{1}: %m%n',
    'rootLogger.level=warn',
    'rootLogger.appenderRef.out.ref=OUT',
    '',
  ].join('\n');
}

/** Java reads properties as ISO 8859-1 and takes a backslash as an escape (java.util.Properties). */
function escapeProperty(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
