import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type BenchStage, root } from './bench-stage.ts';

/** Makes a topic of four partitions that holds a number of device events, the same ones each time. */
export async function fillTopic(stage: BenchStage, topic: string, events: number): Promise<void> {
  execFileSync(
    process.execPath,
    [
      join(root, 'producers/src/produce.ts'),
      'device-events',
      ...['--to', 'kafka', '--servers', stage.broker.servers, '--topic', topic],
      ...['--count', String(events), '--rate', 'max', '--seed', 'bench'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}
