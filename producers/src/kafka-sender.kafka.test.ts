import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../infra/src/kafka-broker.ts';
import { createDeviceEvents } from './device-events.ts';
import {
  KAFKA_CLIENTS,
  type KafkaClientName,
  type KafkaSenderOptions,
  openKafkaSender,
} from './kafka-sender.ts';
import { readTopic, type StoredEvent } from './read-topic.ts';

const root = join(import.meta.dirname, '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));

let folder: string;
let broker: KafkaBroker;
const producers: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-sender-'));
  broker = await startBroker(0);
});

afterEach(() => {
  producers.splice(0).map((child) => child.kill('SIGKILL'));
});

afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(KAFKA_CLIENTS)('with %s', (client) => {
  it('brings 20,000 events there once each, in a topic made with the wanted partitions', async () => {
    const sender = await openSender(client, { topic: 'made', partitions: 3 });
    const events = Array.from({ length: 20_000 }, createDeviceEvents({ seed: 'once' }));
    for (let start = 0; start < events.length; start += 500) {
      await sender.ready();
      void sender.send(events.slice(start, start + 500));
    }
    await sender.flush();
    await sender.close();
    const stored = await readAll(client, 'made');
    expect(stored.map(({ key, value }) => key + value).toSorted()).toEqual(
      events.map(({ key, value }) => key + value).toSorted(),
    );
    expect(await countPartitions(`${client}-made`)).toBe(3);
    expect(new Set(stored.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
    expect(await isInOrder(client, 'made')).toBe(true);
  });

  it('leaves a topic that exists as it is', async () => {
    for (const partitions of [2, 5]) {
      const sender = await openSender(client, { topic: 'kept', partitions });
      await sender.send([{ key: 'k', value: 'v' }]);
      await sender.close();
    }
    expect(await countPartitions(`${client}-kept`)).toBe(2);
    expect(await readAll(client, 'kept')).toHaveLength(2);
  });

  it('says what a broker has against a topic it will not make', async () => {
    const open = openSender(client, { topic: 'three', replication: 3 });
    await expect(open).rejects.toMatchObject({
      code: 'TOPIC_NOT_MADE',
      message: expect.stringMatching(
        /Topic \S+-three does not exist .* could not be made \(.*replica/i,
      ),
    });
  });

  it('says that an event is too large, and fails every send after it', async () => {
    const sender = await openSender(client, { topic: 'large' });
    const large = { key: 'k', value: 'x'.repeat(11 * 1024 * 1024) };
    await expect(sender.send([large])).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('larger than the max message size'),
    });
    await expect(sender.send([{ key: 'k', value: 'v' }])).rejects.toMatchObject({
      code: 'REFUSED',
    });
    await sender.close();
    expect(await readAll(client, 'large')).toEqual([]);
  });

  it('loses and doubles nothing when the broker is killed and comes back', async () => {
    const record = join(folder, `${client}-restart.jsonl`);
    const child = startProducer(client, 'restart', ['--count', '20000', '--rate', '6000'], record);
    await waitForRecord(record, 1_000_000);
    await killBroker();
    broker = await startBroker(Number(broker.servers.split(':')[1]));
    expect(await child.ended).toEqual({
      code: 0,
      stderr: expect.stringMatching(/20000 sent, 20000 acknowledged, 0 failed/),
    });
    const arrived = await readIds(client, 'restart');
    expect(new Set(arrived).size).toBe(20_000);
    expect(arrived.toSorted()).toEqual(idsOfRecord(record).toSorted());
    expect(await isInOrder(client, 'restart')).toBe(true);
  });

  it('sends what it made and ends with 0 at SIGTERM', async () => {
    const record = join(folder, `${client}-signal.jsonl`);
    const child = startProducer(client, 'signal', ['--rate', 'max'], record);
    await waitForRecord(record, 1_000_000);
    child.process.kill('SIGTERM');
    const { code, stderr } = await child.ended;
    const ids = idsOfRecord(record);
    expect(code).toBe(0);
    expect(stderr).toContain(`produce: ${ids.length} sent, ${ids.length} acknowledged, 0 failed`);
    expect(stderr).not.toContain('Warning');
    expect((await readIds(client, 'signal')).toSorted()).toEqual(ids.toSorted());
  });

  it('ends with 1 and the counts when the broker stays away, having recorded nothing that is not there', async () => {
    const record = join(folder, `${client}-away.jsonl`);
    const child = startProducer(client, 'away', ['--rate', '2000', '--outage', '3'], record);
    await waitForRecord(record, 500_000);
    await killBroker();
    const { code, stderr } = await child.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`Kafka at ${broker.servers} acknowledges nothing for 2 s`);
    expect(stderr).toContain(`Kafka at ${broker.servers} did not acknowledge events for 3 s (`);
    expect(stderr).toContain('ECONNREFUSED');
    const recorded = idsOfRecord(record);
    expect(stderr).toContain(` ${recorded.length} acknowledged, `);
    broker = await startBroker(Number(broker.servers.split(':')[1]));
    const arrived = new Set(await readIds(client, 'away'));
    expect(recorded.filter((id) => !arrived.has(id))).toEqual([]);
  });
});

it('puts each key into the same partition with every client, as Java does', async () => {
  const keys = ['', 'a', 'D001', 'CI00100', 'grüße', '日本', '😀', 'x'.repeat(300)];
  const placed = await Promise.all(KAFKA_CLIENTS.map((client) => placeKeys(client, keys)));
  expect(new Set(placed[0]).size).toBeGreaterThan(1);
  expect(placed[1]).toEqual(placed[0]);
});

async function placeKeys(client: KafkaClientName, keys: readonly string[]) {
  const sender = await openSender(client, { topic: 'placed', partitions: 5 });
  await sender.send(keys.map((key) => ({ key, value: key })));
  await sender.close();
  const stored = await readAll(client, 'placed');
  return keys.map((key) => stored.find((one) => one.key === key)?.partition);
}

function startBroker(port: number): Promise<KafkaBroker> {
  const { command } = runtime.java;
  return startKafkaBroker({
    folder: join(folder, 'kafka'),
    jars: runtime.kafka.jars,
    java: command,
    port,
  });
}

/** Without a chance to answer what it has stored. */
async function killBroker(): Promise<void> {
  process.kill(broker.pid, 'SIGKILL');
  await broker.stop();
}

function openSender(client: KafkaClientName, options: Partial<KafkaSenderOptions>) {
  const topic = `${client}-${options.topic}`;
  return openKafkaSender({ servers: [broker.servers], ...options, client, topic });
}

function startProducer(
  client: KafkaClientName,
  topic: string,
  args: readonly string[],
  record: string,
) {
  const program = join(root, 'producers', 'src', 'produce.ts');
  const to = ['--servers', broker.servers, '--topic', `${client}-${topic}`, '--client', client];
  const child = spawn(
    process.execPath,
    [program, 'device-events', ...to, '--record', record, ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  producers.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stderr }));
  return { process: child, ended };
}

async function waitForRecord(file: string, bytes: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!existsSync(file) || statSync(file).size < bytes) {
    expect(performance.now(), `${file} does not grow`).toBeLessThan(deadline);
    await sleep(10);
  }
}

async function countPartitions(topic: string): Promise<number> {
  const kafka = new Kafka({ brokers: [broker.servers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics[0]?.partitions.length ?? 0;
}

function readAll(client: KafkaClientName, topic: string): Promise<readonly StoredEvent[]> {
  return readTopic(broker.servers, `${client}-${topic}`);
}

async function readIds(client: KafkaClientName, topic: string): Promise<readonly string[]> {
  return (await readAll(client, topic)).map(({ value }) => JSON.parse(value).eventId);
}

/** Whether each partition holds its events in the order in which they were made. */
async function isInOrder(client: KafkaClientName, topic: string): Promise<boolean> {
  const last = new Map<number, number>();
  return (await readAll(client, topic)).every(({ partition, value }) => {
    const { eventOffset } = JSON.parse(value);
    const before = last.get(partition) ?? 0;
    last.set(partition, eventOffset);
    return before < eventOffset;
  });
}

function idsOfRecord(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line).eventId);
}
