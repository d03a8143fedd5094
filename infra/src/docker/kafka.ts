import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBrokerProperties, writeLogSettings } from '../kafka-broker-files.ts';
import { readRuntime } from './read-runtime.ts';
import { runForeground } from './run-foreground.ts';

/*
 * A Kafka broker as a container's program. Two ways lead to it: `kafka:9092` for the other containers, and a port that
 * is published on the host's 127.0.0.1 for everybody there; each is told to come back the way it came.
 */
const folder = '/kafka';
const hostPort = Number(process.env.KAFKA_HOST_PORT ?? 9094);
const { java, kafka } = readRuntime();
const data = join(folder, 'data');
const properties = join(folder, 'server.properties');
const logSettings = join(folder, 'log4j2.properties');
const words = [
  ...['-Xmx512m', '-XX:+UseSerialGC', `-Dlog4j2.configurationFile=${logSettings}`],
  ...['-cp', join(kafka.jars, '*')],
];

mkdirSync(data, { recursive: true });
const ports = { port: 9092, controllerPort: 9093, advertisedPort: 9092 };
writeFileSync(properties, writeBrokerProperties({ dataFolder: data, ...ports }) + reach());
writeFileSync(logSettings, writeLogSettings());
if (!existsSync(join(data, 'meta.properties'))) formatData();
await runForeground(java.command, [...words, 'kafka.Kafka', properties]);

/** Of two lines with one name the last one counts (java.util.Properties). */
function reach(): string {
  return [
    'listeners=PLAINTEXT://0.0.0.0:9092,HOST://0.0.0.0:9094,CONTROLLER://127.0.0.1:9093',
    `advertised.listeners=PLAINTEXT://kafka:9092,HOST://127.0.0.1:${hostPort}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT',
    '',
  ].join('\n');
}

/** A format that was cut short leaves no meta.properties and is done again. Any id will do for a cluster of one. */
function formatData(): void {
  const format = ['format', '--cluster-id', 'c2x1aWNlLWNvbXBvc2UtMQ', '--config', properties];
  const all = [...words, 'kafka.tools.StorageTool', ...format, '--ignore-formatted'];
  const { status } = spawnSync(java.command, all, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
