import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKafkaSender } from '../../producers/src/kafka-sender.ts';
import { readTopic } from '../../producers/src/read-topic.ts';
import { startKafkaBroker } from './kafka-broker.ts';

const root = join(import.meta.dirname, '..', '..');
const runtime = JSON.parse(readFileSync(join(root, '.sluice', 'runtime.json'), 'utf8'));
const java: string = runtime.java.command;
const jars: string = runtime.kafka.jars;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka broker-ä-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('starts, keeps a topic over a restart on the same folder, and leaves no process', async () => {
  const first = await startKafkaBroker({ folder, jars, java });
  try {
    const sender = await openKafkaSender({ servers: [first.servers], topic: 'kept' });
    await sender.send([{ key: 'k', value: 'kept over a restart' }]);
    await sender.close();
  } finally {
    await first.stop();
  }
  expect(lives(first.pid)).toBe(false);

  const port = Number(first.servers.split(':')[1]);
  const second = await startKafkaBroker({ folder, jars, java, port });
  try {
    expect(second.servers).toBe(first.servers);
    expect(await readTopic(second.servers, 'kept')).toMatchObject([
      { key: 'k', value: 'kept over a restart' },
    ]);
  } finally {
    await Promise.all([second.stop(), second.stop()]);
  }
  expect(lives(second.pid)).toBe(false);
});

it('refuses a port that is taken instead of finding somebody else there', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
  await expect(startKafkaBroker({ folder, jars, java, port })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 cannot be taken`,
  );
  other.close();
});

it('shows the end of the log when Java ends early', async () => {
  const start = startKafkaBroker({ folder, jars: folder, java });
  await expect(start).rejects.toThrow(/failed \(exit code 1\)[\s\S]*kafka\.tools\.StorageTool/);
});

it('says what is missing when there are no jars or no Java', async () => {
  const none = join(folder, 'none');
  await expect(startKafkaBroker({ folder, jars: none, java })).rejects.toThrow(
    `There is no folder ${none}`,
  );
  await expect(startKafkaBroker({ folder, jars, java: none })).rejects.toThrow(
    `the command ${none} cannot be run`,
  );
});

function lives(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
