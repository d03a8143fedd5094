import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../infra/src/kafka-broker.ts';
import { createDeviceEvents } from './device-events.ts';
import { openKafkaSender } from './kafkajs-sender.ts';
import { readTopic } from './read-topic.ts';

const root = join(import.meta.dirname, '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));

let folder: string;
let broker: KafkaBroker;
const producers: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafkajs-sender-'));
  broker = await startBroker(0);
});

afterEach(() => {
  producers.splice(0).map((child) => child.kill('SIGKILL'));
});

afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

it('brings 20,000 events there once each, in a topic made with the wanted partitions', async () => {
  const sender = await openKafkaSender({ servers: [broker.servers], topic: 'made', partitions: 3 });
  const events = Array.from({ length: 20_000 }, createDeviceEvents({ seed: 'once' }));
  for (let start = 0; start < events.length; start += 500) {
    await sender.ready();
    void sender.send(events.slice(start, start + 500));
  }
  await sender.flush();
  await sender.close();
  const stored = await readTopic(broker.servers, 'made');
  expect(stored.map(({ key, value }) => key + value).toSorted()).toEqual(
    events.map(({ key, value }) => key + value).toSorted(),
  );
  expect(await countPartitions('made')).toBe(3);
  expect(new Set(stored.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
});

it('leaves a topic that exists as it is', async () => {
  for (const partitions of [2, 5]) {
    const sender = await openKafkaSender({ servers: [broker.servers], topic: 'kept', partitions });
    await sender.send([{ key: 'k', value: 'v' }]);
    await sender.close();
  }
  expect(await countPartitions('kept')).toBe(2);
  expect(await readTopic(broker.servers, 'kept')).toHaveLength(2);
});

it('says what a broker has against a topic it will not make', async () => {
  const open = openKafkaSender({ servers: [broker.servers], topic: 'three', replication: 3 });
  await expect(open).rejects.toMatchObject({
    code: 'TOPIC_NOT_MADE',
    message: expect.stringMatching(/Topic three does not exist .* could not be made \(.*replica/i),
  });
});

it('says that an event is too large, and fails every send after it', async () => {
  const sender = await openKafkaSender({ servers: [broker.servers], topic: 'large' });
  const large = { key: 'k', value: 'x'.repeat(11 * 1024 * 1024) };
  await expect(sender.send([large])).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('larger than the max message size'),
  });
  await expect(sender.send([{ key: 'k', value: 'v' }])).rejects.toMatchObject({ code: 'REFUSED' });
  await sender.close();
  expect(await readTopic(broker.servers, 'large')).toEqual([]);
});

it('loses and doubles nothing when the broker is killed and comes back', async () => {
  const record = join(folder, 'restart.jsonl');
  const child = startProducer('restart', ['--count', '20000', '--rate', '6000'], record);
  await waitForRecord(record, 1_000_000);
  await killBroker();
  broker = await startBroker(Number(broker.servers.split(':')[1]));
  expect(await child.ended).toEqual({
    code: 0,
    stderr: expect.stringMatching(/20000 sent, 20000 acknowledged, 0 failed/),
  });
  const arrived = await readIds('restart');
  expect(new Set(arrived).size).toBe(20_000);
  expect(arrived.toSorted()).toEqual(idsOfRecord(record).toSorted());
});

it('sends what it made and ends with 0 at SIGTERM', async () => {
  const record = join(folder, 'signal.jsonl');
  const child = startProducer('signal', ['--rate', 'max'], record);
  await waitForRecord(record, 1_000_000);
  child.process.kill('SIGTERM');
  const { code, stderr } = await child.ended;
  const ids = idsOfRecord(record);
  expect(code).toBe(0);
  expect(stderr).toContain(`produce: ${ids.length} sent, ${ids.length} acknowledged, 0 failed`);
  expect(stderr).not.toContain('Warning');
  expect((await readIds('signal')).toSorted()).toEqual(ids.toSorted());
});

it('ends with 1 and the counts when the broker stays away, having recorded nothing that is not there', async () => {
  const record = join(folder, 'away.jsonl');
  const child = startProducer('away', ['--rate', '2000', '--deadline', '3'], record);
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
  const arrived = new Set(await readIds('away'));
  expect(recorded.filter((id) => !arrived.has(id))).toEqual([]);
});

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

function startProducer(topic: string, args: readonly string[], record: string) {
  const program = join(root, 'producers', 'src', 'produce.ts');
  const to = ['--servers', broker.servers, '--topic', topic, '--record', record];
  const child = spawn(process.execPath, [program, 'device-events', ...to, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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

async function readIds(topic: string): Promise<readonly string[]> {
  return (await readTopic(broker.servers, topic)).map(({ value }) => JSON.parse(value).eventId);
}

function idsOfRecord(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line).eventId);
}
