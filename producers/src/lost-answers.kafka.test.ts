import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../infra/src/kafka-broker.ts';
import { createDeviceEvents } from './device-events.ts';
import { KAFKA_CLIENTS, openKafkaSender } from './kafka-sender.ts';
import { readTopic } from './read-topic.ts';

const PRODUCE = 0;
const root = join(import.meta.dirname, '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));

let folder: string;
let broker: KafkaBroker;
let proxy: Server;
let server: string;
/** Counts Produce requests; the answer of each twelfth is lost. */
let produced = 0;
let lost = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lost-answers-'));
  proxy = createServer(passOn).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const advertisedPort = address !== null && typeof address === 'object' ? address.port : 0;
  server = `127.0.0.1:${advertisedPort}`;
  const { java, kafka } = runtime;
  broker = await startKafkaBroker({ folder, jars: kafka.jars, java: java.command, advertisedPort });
});

afterAll(async () => {
  proxy.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

it.each(KAFKA_CLIENTS)(
  'brings every event there once, in order, with %s, although answers of a broker that stored them are lost',
  async (client) => {
    const topic = `lost-${client}`;
    const options = { servers: [server], topic, client, maxRequestBytes: 20_000 };
    lost = 0;
    const sender = await openKafkaSender(options);
    const events = Array.from({ length: 12_000 }, createDeviceEvents({ seed: 'lost' }));
    const sends: Promise<void>[] = [];
    for (let start = 0; start < events.length; start += 100) {
      await sender.ready();
      sends.push(sender.send(events.slice(start, start + 100)));
    }
    await Promise.all(sends);
    await sender.close();
    expect(lost).toBeGreaterThan(5);
    const stored = await readTopic(server, topic);
    expect(stored.map(({ value }) => value).toSorted()).toEqual(
      events.map(({ value }) => value).toSorted(),
    );
    for (const partition of [0, 1, 2, 3]) {
      const offsets = stored
        .filter((one) => one.partition === partition)
        .map(({ value }) => JSON.parse(value).eventOffset);
      expect(offsets).toEqual(offsets.toSorted((one, other) => one - other));
    }
  },
);

function passOn(client: Socket): void {
  const upstream = connect({ host: '127.0.0.1', port: Number(broker.servers.split(':')[1]) });
  let losing = false;
  const readFrames = createFrameReader((apiKey) => {
    if (apiKey === PRODUCE) {
      produced += 1;
      losing = produced % 12 === 0;
    }
  });
  client.on('data', (bytes) => {
    readFrames(bytes);
    upstream.write(bytes);
  });
  upstream.on('data', (bytes) => {
    if (losing) {
      lost += 1;
      client.destroy();
      upstream.destroy();
    } else {
      client.write(bytes);
    }
  });
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

/** Tells the API key of each request: a request is its size in four bytes, then the key in two. */
function createFrameReader(tell: (apiKey: number) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 6 && rest.length >= 4 + rest.readInt32BE(0)) {
      tell(rest.readInt16BE(4));
      rest = rest.subarray(4 + rest.readInt32BE(0));
    }
  };
}
