import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRuntime, runtimeFile } from './read-runtime.ts';
import { runForeground } from './run-foreground.ts';

/*
 * `aws.ts BUCKET`: the AWS emulator as a container's program, with a bucket. Functions and drivers of Glue are processes
 * of this container, too, and call the emulator at 127.0.0.1.
 */
const folder = '/state';
const port = 4566;
const START_DEADLINE_MS = 100_000;
const ASK_AGAIN_MS = 500;
const [bucket = 'sluice'] = process.argv.slice(2);
const program = join(import.meta.dirname, '../../emulator/serve.py');
const listening = ['--host', '0.0.0.0', '--port', String(port)];
const words = [program, ...listening, '--folder', folder, '--runtime', runtimeFile];

await Promise.all([
  // The home of the user cannot be written.
  runForeground(readRuntime().aws.python, words, { ...process.env, HOME: folder }),
  makeBucket(),
]);

/** A bucket that is there stays as it is. An emulator that cannot make it in time ends with this process. */
async function makeBucket(): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(await isBucketMade())) {
    if (performance.now() > deadline) throw new Error(`The bucket ${bucket} could not be made.`);
    await sleep(ASK_AGAIN_MS);
  }
}

async function isBucketMade(): Promise<boolean> {
  const signal = AbortSignal.timeout(5000);
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/${bucket}`, { method: 'PUT', signal });
    return answer.ok;
  } catch {
    return false;
  }
}
