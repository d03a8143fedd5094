import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectProducer } from '../../../producers/src/kafka-client.ts';
import { JourneyStage } from './journey-stage.ts';
import { oddEvents } from './odd-events.ts';

const root = resolve(import.meta.dirname, '../../..');
const columns = [
  ...['customerId', 'eventId', 'eventOffset', 'eventPublisher', 'eventTime'],
  ...['deviceId', 'measure', 'status', 'temperature'],
];

// One broker and one control service serve the whole journey; its steps build on each other.
describe('device events, from Kafka to one CSV', () => {
  let stage: JourneyStage;
  const sent: string[] = [];

  beforeAll(async () => {
    stage = await JourneyStage.open();
    await stage.ask('PUT', '/api/v1/pipelines/device-events', await stage.readSpec());
  });
  afterAll(() => stage?.close());

  async function expectEveryRowOnce(): Promise<void> {
    const expected = sent.flatMap(rowsOf).sort();
    await stage.waitFor(`${expected.length} merged rows`, ({ merge }) => {
      return (merge?.rows?.rows ?? 0) >= expected.length;
    });
    const [header, ...rows] = parse(await readFile(join(stage.folder, 'device-events.csv')));
    expect(header).toEqual(columns);
    expect(rows.map((cells) => JSON.stringify(cells)).sort()).toEqual(expected);
  }

  it('merges every row of the produced events once, and stops between two batches', async () => {
    sent.push(...(await stage.produce(3000, 'first')));
    await stage.start();
    await expectEveryRowOnce();
    const { observed, run } = await stage.stop();
    expect(observed.state).toBe('STOPPED');
    expect(run?.stop?.way).toBe('marker');
    expect(run?.lastBatch).toBeTypeOf('number');
  });

  it('keeps each event that cannot be read as a dead letter with its reason, and goes on', async () => {
    await sendOddEvents(stage.servers);
    sent.push(...(await stage.produce(2000, 'second')));
    await stage.start();
    await expectEveryRowOnce();
    await stage.waitFor('dead letters', ({ merge }) => {
      return (merge?.deadLetters?.rows ?? 0) >= oddEvents.length;
    });
    const lines = (await readFile(join(stage.folder, 'device-events-dead.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const found = lines.map(({ reason, value, valueBase64 }) => ({ reason, value, valueBase64 }));
    expect(sortByText(found)).toEqual(sortByText(oddEvents.map(letterOf)));
    expect(lines.every(({ topic, offset }) => topic === 'device-data-3' && offset >= 0)).toBe(true);
  });

  it('loses and doubles nothing when driver and control service are killed with -9 and started again', async () => {
    const { run } = await stage.status();
    sent.push(...(await stage.produce(2000, 'third')));
    await stage.killService();
    process.kill(-(run?.pid as number), 'SIGKILL');
    sent.push(...(await stage.produce(1000, 'fourth')));
    await forgetLastCommit(join(stage.folder, 'device-events/generation-1/checkpoint/commits'));
    await stage.startService();
    const seen = await stage.waitFor('failure', ({ observed }) => observed.state === 'FAILED');
    expect(seen.observed.cause?.code).toBeTypeOf('string');
    await stage.start();
    await expectEveryRowOnce();
    await stage.stop();
  });

  it('is confirmed by sluice verify', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(root, 'control/src/cli.ts'),
      'verify',
      join(stage.folder, 'device-events/generation-1/parts'),
      join(stage.folder, 'device-events.csv'),
      ...['--only', 'outcome=row', '--json'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, missing: 0, doubled: 0 });
  });
});

/** The rows one sent event must give, each as the JSON of its nine cells. */
function rowsOf(line: string): readonly string[] {
  const event = JSON.parse(line);
  const shared = columns.slice(0, 5).map((name) => String(event[name]));
  return event.data.devices.map((device: Record<string, unknown>) =>
    JSON.stringify([...shared, ...columns.slice(5).map((name) => String(device[name] ?? ''))]),
  );
}

/** Leaves the checkpoint as a kill between the sink's commit of a batch and Spark's own commit does. */
async function forgetLastCommit(commits: string): Promise<void> {
  const batches = (await readdir(commits)).map(Number).filter(Number.isInteger);
  const last = Math.max(...batches);
  await rm(join(commits, String(last)));
  await rm(join(commits, `.${last}.crc`), { force: true });
}

function letterOf({ reason, value, isBinary = false }: (typeof oddEvents)[number]) {
  return {
    reason,
    value: isBinary ? undefined : value?.toString(),
    valueBase64: isBinary ? value?.toString('base64') : undefined,
  };
}

function sortByText<Item>(items: readonly Item[]): readonly Item[] {
  return [...items].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

async function sendOddEvents(servers: string): Promise<void> {
  const { client } = await connectProducer({ servers: [servers], deadlineMs: 30_000 });
  for (const { name, value } of oddEvents) {
    await client.send({ topic: 'device-data-3', messages: [{ key: name, value }] });
  }
  await client.disconnect();
}
