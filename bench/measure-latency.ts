import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JourneyStage } from '../control/test/journeys/journey-stage.ts';
import { root } from './bench-stage.ts';
import { percentile, round } from './spread.ts';

/** Milliseconds from the making of an event to its row in the merged file, at a trigger of one second. */
export interface LatencyResult {
  readonly events: number;
  readonly rows: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly mostMs: number;
}

const LOOK_MS = 5;
const EVENT_TIME_COLUMN = 4;

/** Lets a running pipeline settle, then follows the merged file while events are produced at a steady rate. */
export async function measureLatency(events: number, perSecond: number): Promise<LatencyResult> {
  const stage = await JourneyStage.open();
  try {
    const warm = await stage.produce(2000, 'warm');
    await stage.ask('PUT', '/api/v1/pipelines/device-events', await stage.readSpec());
    await stage.start();
    const before = countRows(warm);
    await stage.waitFor('the first rows', ({ merge }) => (merge?.rows?.rows ?? 0) >= before);
    const delays = await followFile(stage, events, perSecond);
    const sorted = delays.sort((one, other) => one - other);
    return {
      events,
      rows: delays.length,
      perSecond,
      medianMs: round(percentile(sorted, 0.5)),
      p95Ms: round(percentile(sorted, 0.95)),
      mostMs: round(sorted.at(-1) ?? Number.NaN),
    };
  } finally {
    await stage.close();
  }
}

/** Reads what is appended to the merged file and compares each row's eventTime with the clock. */
async function followFile(stage: JourneyStage, events: number, perSecond: number) {
  const path = join(stage.folder, 'device-events.csv');
  let offset = statSync(path).size;
  const file = openSync(path, 'r');
  const producer = startProducer(stage, events, perSecond);
  const ended = once(producer, 'exit');
  const delays: number[] = [];
  const looksUntil = performance.now() + (events / perSecond) * 1000 + 5000;
  while (performance.now() < looksUntil) {
    const size = statSync(path).size;
    if (size > offset) {
      const bytes = Buffer.alloc(size - offset);
      readSync(file, bytes, 0, bytes.length, offset);
      const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
      offset += whole.length;
      delays.push(...delaysOf(whole.toString(), Date.now()));
    }
    await sleep(LOOK_MS);
  }
  closeSync(file);
  await ended;
  return delays;
}

function delaysOf(text: string, now: number): readonly number[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => now - Date.parse(`${line.split(',')[EVENT_TIME_COLUMN]}Z`));
}

function startProducer(stage: JourneyStage, events: number, perSecond: number) {
  return spawn(
    process.execPath,
    [
      join(root, 'producers/src/produce.ts'),
      'device-events',
      ...['--to', 'kafka', '--servers', stage.servers, '--topic', 'device-data-3'],
      ...['--count', String(events), '--rate', String(perSecond)],
    ],
    { stdio: 'ignore' },
  );
}

function countRows(sent: readonly string[]): number {
  return sent.reduce((sum, line) => sum + JSON.parse(line).data.devices.length, 0);
}
