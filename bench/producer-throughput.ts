import { createDeviceEvents } from '../producers/src/device-events.ts';
import { openKafkaSender } from '../producers/src/kafka-sender.ts';
import { startProduction } from '../producers/src/produce-events.ts';
import { sendPerEvent } from './baselines/producer-per-event.ts';

/** Events a second over several runs. */
export interface Throughput {
  readonly median: number;
  /** Slowest and fastest run. */
  readonly spread: readonly [number, number];
}

export interface ProducerThroughput {
  readonly ours: Throughput;
  readonly originalWay: Throughput;
  /** How many times as fast ours is, by the medians. */
  readonly ratio: number;
}

export interface ProducerMeasure {
  readonly runs?: number;
  /** Events of one run of ours. */
  readonly events?: number;
  /** Events of one run of the original way, which needs only enough for a steady figure. */
  readonly originalEvents?: number;
}

/**
 * Measures full-speed device events to a broker, acknowledged by all replicas: making, sending and waiting for
 * the last acknowledgement, without connecting. One run of each comes first and is not counted, so that neither
 * pays for a cold compiler. Leaves topics behind.
 */
export async function measureProducer(
  server: string,
  { runs = 5, events = 200_000, originalEvents = 200 }: ProducerMeasure = {},
): Promise<ProducerThroughput> {
  const topic = `producer-throughput-${crypto.randomUUID()}`;
  await measureOurs(server, topic, events);
  await measureOriginal(server, topic, originalEvents);
  const oursRuns: number[] = [];
  const originalRuns: number[] = [];
  // Taken in turns, so that a busy spell of the machine meets both.
  for (let run = 0; run < runs; run += 1) {
    oursRuns.push(await measureOurs(server, topic, events));
    originalRuns.push(await measureOriginal(server, topic, originalEvents));
  }
  const ours = summarise(oursRuns);
  const originalWay = summarise(originalRuns);
  return Object.freeze({ ours, originalWay, ratio: ours.median / originalWay.median });
}

async function measureOurs(server: string, topic: string, count: number): Promise<number> {
  const sender = await openKafkaSender({ servers: [server], topic });
  try {
    const nextEvent = createDeviceEvents({ seed: 'bench' });
    const stop = new AbortController().signal;
    return await measure(
      count,
      () => startProduction({ nextEvent, sender, rate: 'max', count, stop }).done,
    );
  } finally {
    await sender.close();
  }
}

async function measureOriginal(server: string, topic: string, count: number): Promise<number> {
  const events = Array.from({ length: count }, createDeviceEvents({ seed: 'bench' }));
  return await measure(count, () => sendPerEvent(server, topic, events));
}

/** Events a second. */
async function measure(count: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (count * 1000) / (performance.now() - started);
}

function summarise(runs: readonly number[]): Throughput {
  const sorted = runs.toSorted((one, other) => one - other).map(Math.round);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { median, spread: [sorted[0] ?? 0, sorted.at(-1) ?? 0] };
}
