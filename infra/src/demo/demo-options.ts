import { parseArgs } from 'node:util';
import { DemoError } from './demo-errors.ts';

const LIVELY_RATE = 200;
const FINITE_SECONDS = 10;

export interface DemoOptions {
  /** How many events to produce before everything is checked and stopped; undefined runs until Ctrl-C. */
  readonly events: number | undefined;
  /** Events per second. */
  readonly rate: number;
  /** Where the driver's executors run: in itself, or on a Spark cluster that the demo starts. */
  readonly target: DemoTarget;
}

export type DemoTarget = 'local' | 'standalone';

/** Reads the command line. Throws DEMO_USAGE. */
export function readDemoOptions(words: readonly string[]): DemoOptions {
  const { events, rate, target = 'local' } = readWords(words);
  const count = events === undefined ? undefined : readCount('--events', events);
  const usualRate =
    count === undefined ? LIVELY_RATE : Math.max(LIVELY_RATE, Math.ceil(count / FINITE_SECONDS));
  return {
    events: count,
    rate: rate === undefined ? usualRate : readCount('--rate', rate),
    target: readTarget(target),
  };
}

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        events: { type: 'string' },
        rate: { type: 'string' },
        target: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new DemoError('DEMO_USAGE', { problem: (error as Error).message.replace(/\.$/, '') });
  }
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count === 0) {
    throw new DemoError('DEMO_USAGE', { problem: `${name} is "${text}"` });
  }
  return count;
}

function readTarget(text: string): DemoTarget {
  if (text === 'local' || text === 'standalone') return text;
  throw new DemoError('DEMO_USAGE', { problem: `--target is "${text}"` });
}
