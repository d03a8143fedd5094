import { createDeviceEvents } from '../producers/src/device-events.ts';
import type { OutgoingEvent } from '../producers/src/event-sender.ts';
import { type KafkaClientName, openKafkaSender } from '../producers/src/kafka-sender.ts';
import { startProduction } from '../producers/src/produce-events.ts';
import { sendPerEvent } from './baselines/producer-per-event.ts';
import type { BenchStage } from './bench-stage.ts';
import { bringKafkaTools, runProducerPerformance } from './kafka-tools.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Events a second, acknowledged by all replicas. */
export interface ProducerThroughput {
  /** Device events that are made and sent by the default client. */
  readonly ours: Spread;
  /** Device events that were made before, by each client. */
  readonly platformatic: Spread;
  readonly kafkajs: Spread;
  /** Kafka's own ProducerPerformance, with records of the same size. */
  readonly kafkaTool: Spread;
  /** A new client for every event. */
  readonly originalWay: Spread;
  readonly ratios: {
    readonly oursToOriginal: Spread;
    readonly platformaticToTool: Spread;
    readonly kafkajsToTool: Spread;
    readonly oursToTool: Spread;
  };
}

export interface ProducerMeasure {
  readonly runs: number;
  /** Events of one run, but for the original way, which needs only enough for a steady figure. */
  readonly events: number;
}

const ORIGINAL_EVENTS = 200;
const PREPARED_EVENTS = 10_000;

/**
 * Measures full speed to one broker: making or taking, sending and waiting for the last acknowledgement, without
 * connecting. One run of each comes first and is not counted, so that none pays for a cold compiler; the tool gets as
 * many records to warm up. Leaves topics behind.
 */
export async function measureProducer(
  stage: BenchStage,
  { runs, events }: ProducerMeasure,
): Promise<ProducerThroughput> {
  await bringKafkaTools(stage);
  const prepared = Array.from({ length: PREPARED_EVENTS }, createDeviceEvents({ seed: 'bench' }));
  const measures = listMeasures(stage, prepared, events);
  const names = Object.keys(measures) as MeasureName[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  // Taken in turns, so that a busy spell of the machine meets all.
  for (let run = 0; run <= runs; run += 1) {
    for (const name of names) {
      const perSecond = await measures[name]();
      if (run > 0) results[name]?.push(perSecond);
    }
  }
  return summarise(results as Record<MeasureName, number[]>);
}

type MeasureName = Exclude<keyof ProducerThroughput, 'ratios'>;

function listMeasures(
  stage: BenchStage,
  prepared: readonly OutgoingEvent[],
  count: number,
): Readonly<Record<MeasureName, () => Promise<number>>> {
  const { servers } = stage.broker;
  const topic = `producer-throughput-${crypto.randomUUID()}`;
  const take = (): (() => OutgoingEvent) => {
    let next = 0;
    return () => prepared[next++ % PREPARED_EVENTS] as OutgoingEvent;
  };
  const bytes = prepared.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  const test = { topic, records: count, size: Math.round(bytes / PREPARED_EVENTS), warmUp: count };
  const send = (client: KafkaClientName | undefined, nextEvent: () => OutgoingEvent) =>
    measureOurs({ servers, topic, client, count, nextEvent });
  return {
    ours: () => send(undefined, createDeviceEvents({ seed: 'bench' })),
    platformatic: () => send('platformatic', take()),
    kafkajs: () => send('kafkajs', take()),
    kafkaTool: () => runProducerPerformance(stage, test),
    originalWay: () =>
      measure(ORIGINAL_EVENTS, () =>
        sendPerEvent(servers, topic, prepared.slice(0, ORIGINAL_EVENTS)),
      ),
  };
}

interface OurRun {
  readonly servers: string;
  readonly topic: string;
  readonly client: KafkaClientName | undefined;
  readonly count: number;
  readonly nextEvent: () => OutgoingEvent;
}

async function measureOurs({ servers, count, nextEvent, ...rest }: OurRun): Promise<number> {
  const sender = await openKafkaSender({ ...rest, servers: [servers] });
  try {
    const stop = new AbortController().signal;
    return await measure(
      count,
      () => startProduction({ nextEvent, sender, rate: 'max', count, stop }).done,
    );
  } finally {
    await sender.close();
  }
}

/** Events a second. */
async function measure(count: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (count * 1000) / (performance.now() - started);
}

/** Ratios are taken run by run. */
function summarise(results: Readonly<Record<MeasureName, readonly number[]>>): ProducerThroughput {
  const { ours, platformatic, kafkajs, kafkaTool, originalWay } = results;
  const ratio = (one: readonly number[], other: readonly number[]): Spread =>
    spreadOf(one.map((value, run) => value / (other[run] ?? Number.NaN)));
  return Object.freeze({
    ours: spreadOf(ours),
    platformatic: spreadOf(platformatic),
    kafkajs: spreadOf(kafkajs),
    kafkaTool: spreadOf(kafkaTool),
    originalWay: spreadOf(originalWay),
    ratios: {
      oursToOriginal: ratio(ours, originalWay),
      platformaticToTool: ratio(platformatic, kafkaTool),
      kafkajsToTool: ratio(kafkajs, kafkaTool),
      oursToTool: ratio(ours, kafkaTool),
    },
  });
}
