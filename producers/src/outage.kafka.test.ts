import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../infra/src/kafka-broker.ts';
import { KAFKA_CLIENTS, openKafkaSender } from './kafka-sender.ts';
import { readTopic } from './read-topic.ts';

const BUFFER_BYTES = 400_000;
/** One group of events is made after the buffer is found to have room. */
const MOST_UNDER_WAY = BUFFER_BYTES / 150 + 500;
const root = join(import.meta.dirname, '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));

let folder: string;
let broker: KafkaBroker;
let producer: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outage-'));
  broker = await startBroker(0);
});

afterEach(() => {
  producer?.kill('SIGKILL');
});

afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

it.each(KAFKA_CLIENTS)(
  'holds back what it makes while Kafka is away with %s, goes on by itself, and loses nothing',
  async (client) => {
    const topic = `outage-${client}`;
    const record = join(folder, `${client}.jsonl`);
    const child = startProducer([
      ...['--client', client, '--topic', topic, '--record', record],
      ...['--rate', '5000', '--outage', '120', '--buffer', String(BUFFER_BYTES)],
    ]);
    const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
    const notices: string[] = [];
    lines.on('line', (line) => {
      const { message } = JSON.parse(line);
      if (message.includes('acknowledges')) notices.push(message);
    });
    const figures = lines[Symbol.asyncIterator]();
    await waitForFigures(figures, ({ acked }) => acked > 5000);
    const port = Number(broker.servers.split(':')[1]);
    await broker.stop();
    const held: number[] = [];
    await waitForFigures(figures, ({ sent, acked }) => {
      expect(sent - acked).toBeLessThan(MOST_UNDER_WAY);
      held.push(sent);
      return held.length > 3 && held.at(-1) === held.at(-4);
    });
    broker = await startBroker(port);
    const back = held.at(-1) ?? 0;
    await waitForFigures(figures, ({ acked }) => acked > back + 5000);
    child.kill('SIGTERM');
    const ended = once(child, 'exit');
    lines.resume();
    expect(await ended).toEqual([0, null]);
    const recorded = readFileSync(record, 'utf8').trimEnd().split('\n');
    const stored = (await readTopic(broker.servers, topic)).map(({ value }) => value);
    expect(stored.toSorted()).toEqual(recorded.toSorted());
  },
);

it.each(KAFKA_CLIENTS)(
  'does not mind with %s that Kafka is restarted while nothing is sent',
  async (client) => {
    const topic = `idle-${client}`;
    const sender = await openKafkaSender({ servers: [broker.servers], topic, client });
    await sender.send([{ key: 'a', value: '1' }]);
    const port = Number(broker.servers.split(':')[1]);
    await broker.stop();
    broker = await startBroker(port);
    await sender.send([{ key: 'a', value: '2' }]);
    await sender.close();
    const stored = await readTopic(broker.servers, topic);
    expect(stored.map(({ value }) => value)).toEqual(['1', '2']);
  },
);

function startBroker(port: number): Promise<KafkaBroker> {
  const { java, kafka } = runtime;
  const place = join(folder, 'kafka');
  return startKafkaBroker({ folder: place, jars: kafka.jars, java: java.command, port });
}

function startProducer(args: readonly string[]): ChildProcess {
  const program = join(root, 'producers', 'src', 'produce.ts');
  const to = ['--servers', broker.servers, '--progress', '--log', 'json'];
  producer = spawn(process.execPath, [program, 'device-events', ...to, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return producer;
}

interface Figures {
  readonly sent: number;
  readonly acked: number;
}

async function waitForFigures(
  lines: AsyncIterator<string>,
  reached: (figures: Figures) => boolean,
): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const { value, done } = await lines.next();
    expect(done, 'the producer has ended').not.toBe(true);
    const line = JSON.parse(value);
    if (line.message === 'progress' && reached(line)) {
      return;
    }
  }
  throw new Error('the producer does not come so far');
}
