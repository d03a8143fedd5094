import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoOptions } from './demo-options.ts';
import type { DemoPlaces } from './demo-places.ts';

/** The producer as the demo sees it; its counts change while it runs. */
export interface StartedProducer {
  readonly process: ChildProcess;
  readonly log: string;
  readonly counts: { acked: number; perSecond: number };
}

/** Starts `produce device-events` in a process group of its own. */
export function startProducer(
  places: DemoPlaces,
  servers: string,
  { events, rate }: DemoOptions,
): StartedProducer {
  const limits = events === undefined ? [] : ['--count', String(events), '--record', places.sent];
  const target = ['--to', 'kafka', '--servers', servers, '--topic', 'device-data-3'];
  const child = spawn(
    process.execPath,
    [
      join(places.root, 'producers/src/produce.ts'),
      'device-events',
      ...target,
      ...['--rate', String(rate), '--progress', ...limits],
    ],
    { cwd: places.root, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const producer = {
    process: child,
    log: join(places.logs, 'producer.log'),
    counts: { acked: 0, perSecond: 0 },
  };
  readProgress(producer);
  return producer;
}

/** Progress comes as one JSON object a line; everything that is said goes to the log, too. */
function readProgress({ process: child, log, counts }: StartedProducer): void {
  if (!child.stderr) return;
  const file = createWriteStream(log);
  createInterface({ input: child.stderr })
    .on('line', (line) => {
      file.write(`${line}\n`);
      if (line.startsWith('{')) Object.assign(counts, readCounts(line));
    })
    .on('close', () => file.end());
}

function readCounts(line: string): Partial<StartedProducer['counts']> {
  try {
    const { acked, perSecond } = JSON.parse(line);
    return Number.isFinite(acked) ? { acked, perSecond: Number(perSecond) || 0 } : {};
  } catch {
    return {};
  }
}
