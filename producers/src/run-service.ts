import type { EventCounts } from './produce-events.ts';
import { describeCounts, startProgressLines } from './progress-lines.ts';
import type { ServiceOptions } from './service-options.ts';
import { startStatusServer } from './status-server.ts';
import { tellFigures, tellTerminal } from './terminal.ts';

/** A producer that is under way. */
export interface RunningProducer {
  /** For metrics: `device-events` and the like. */
  readonly name: string;
  readonly counts: () => EventCounts;
  /** Figures of its own, by their names in metrics. */
  readonly figures?: () => Readonly<Record<string, number>>;
  readonly done: Promise<void>;
  /** Flushes and lets go of everything, whether it ended well or not. */
  readonly close: () => Promise<void>;
}

/**
 * Sees a producer to its end: tells its counts while it runs, answers for its health, and closes it. Throws
 * LISTEN_FAILED, and what the producer's `done` rejects with.
 */
export async function runService(
  producer: RunningProducer,
  options: ServiceOptions,
): Promise<void> {
  const started = performance.now();
  // Whoever waits for the port must not leave the producer's failure unheard.
  producer.done.catch(() => undefined);
  const stops: (() => void | Promise<void>)[] = [];
  try {
    if (options.listen !== undefined) {
      const server = await startStatusServer({ ...producer, port: options.listen });
      stops.push(server.close);
      tellTerminal(`produce: health and metrics at ${server.url}`);
    }
    if (options.progress === true) {
      stops.push(startProgressLines(producer.counts, tellFigures));
    }
    await producer.done;
  } finally {
    await producer.close();
    for (const stop of stops) {
      await stop();
    }
    tellTerminal(describeCounts(producer.counts(), performance.now() - started));
  }
}
