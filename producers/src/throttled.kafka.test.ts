import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../infra/src/kafka-broker.ts';
import { createDeviceEvents } from './device-events.ts';
import { KAFKA_CLIENTS, openKafkaSender } from './kafka-sender.ts';
import { readTopic } from './read-topic.ts';

const BYTES_A_SECOND = 300_000;
const root = join(import.meta.dirname, '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));

let folder: string;
let broker: KafkaBroker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throttled-'));
  const { java, kafka } = runtime;
  broker = await startKafkaBroker({ folder, jars: kafka.jars, java: java.command });
  const admin = new Admin({ clientId: 'quota', bootstrapBrokers: [broker.servers] });
  await admin.alterClientQuotas({
    entries: [
      {
        entities: [{ entityType: 'client-id', entityName: 'sluice-producer' }],
        ops: [{ key: 'producer_byte_rate', value: BYTES_A_SECOND, remove: false }],
      },
    ],
    validateOnly: false,
  });
  await admin.close();
});

afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

it.each(KAFKA_CLIENTS)(
  'is slowed down by a quota of the broker with %s, and neither fails nor doubles',
  async (client) => {
    const topic = `throttled-${client}`;
    const sender = await openKafkaSender({ servers: [broker.servers], topic, client });
    const events = Array.from({ length: 12_000 }, createDeviceEvents({ seed: client }));
    const started = performance.now();
    for (let start = 0; start < events.length; start += 500) {
      await sender.ready();
      void sender.send(events.slice(start, start + 500));
    }
    await sender.flush();
    // The quota holds for the mean of ten seconds, so that the first of them are free.
    await sender.send(events.slice(0, 1));
    await sender.close();
    expect(performance.now() - started).toBeGreaterThan(1000);
    const stored = await readTopic(broker.servers, topic);
    const wanted = [...events, ...events.slice(0, 1)].map(({ value }) => value);
    expect(stored.map(({ value }) => value).toSorted()).toEqual(wanted.toSorted());
  },
);
