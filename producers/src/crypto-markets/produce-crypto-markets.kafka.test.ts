import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaBroker, startKafkaBroker } from '../../../infra/src/kafka-broker.ts';
import { readTopic } from '../read-topic.ts';
import { answer, coins, type MarketsStandIn, startMarketsStandIn } from './markets-stand-in.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));

let folder: string;
let broker: KafkaBroker;
let server: MarketsStandIn;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'produce-crypto-kafka-'));
  broker = await startKafkaBroker({
    folder: join(folder, 'broker'),
    jars: runtime.kafka.jars,
    java: runtime.java.command,
  });
  server = await startMarketsStandIn(answer(200, coins(250)), answer(200, coins(250, 250)));
});

afterAll(async () => {
  await server.close();
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

it('sends a snapshot of two pages to Kafka as one message, its key the time', async () => {
  const child = spawn(
    process.execPath,
    [
      join(root, 'producers', 'src', 'produce.ts'),
      ...['crypto-markets', '--to', 'kafka', '--servers', broker.servers, '--count', '1'],
      ...['--allow-private', '--base-url', server.url.href, '--per-page', '250', '--pages', '2'],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  expect(await once(child, 'exit')).toEqual([0, null]);
  const stored = await readTopic(broker.servers, 'crypto-markets');
  expect(stored.map(({ key }) => key)).toEqual([expect.stringMatching(/^20\d{12}$/)]);
  expect(JSON.parse(stored[0]?.value ?? '').results).toHaveLength(500);
});
