import { parseArgs } from 'node:util';
import { checkHost, RUN_BYTES, refuseUnready } from '../../setup/check-host.mjs';
import { contextOf } from '../../setup/ensure-set-up.mjs';
import { reportSetupError } from '../../setup/report-setup-error.mjs';
import { SetupError } from '../../setup/setup-errors.mjs';
import { DemoError } from '../demo/demo-errors.ts';
import { shortPath } from '../demo/demo-places.ts';
import { claimFolder, stopLeftovers } from '../demo/demo-stage.ts';
import { endOnSignal } from '../demo/end-on-signal.ts';
import { stopStarted } from '../demo/stop-started.ts';
import { type AwsDemoPlaces, awsDemoPlaces } from './aws-demo-places.ts';
import { setAwsStage } from './aws-demo-stage.ts';
import { type AwsDemoResult, mergeAndCheck } from './run-aws-demo.ts';

const ended = new AbortController();
const tell = (what: string): void => console.error(what);
// The children of a demo that failed would keep it alive; the guardian ends them once it is gone.
process.exit(await main());

async function main(): Promise<number> {
  try {
    const live = readLive(process.argv.slice(2));
    endOnSignal(ended);
    return report(await playDemo(awsDemoPlaces(process.env), live));
  } catch (error) {
    if (ended.signal.aborted) return 130;
    if (error instanceof SetupError) return reportSetupError(error);
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof DemoError && error.code === 'DEMO_AWS_USAGE' ? 2 : 1;
  }
}

function readLive(words: readonly string[]): boolean {
  try {
    return (
      parseArgs({ args: [...words], options: { live: { type: 'boolean' } } }).values.live ?? false
    );
  } catch (error) {
    const problem = (error as Error).message.replace(/\.$/, '');
    throw new DemoError('DEMO_AWS_USAGE', { problem });
  }
}

async function playDemo(places: AwsDemoPlaces, live: boolean): Promise<AwsDemoResult> {
  await stopLeftovers(places, tell);
  const startedAt = performance.now();
  const port = await choosePort(places);
  await claimFolder(places);
  try {
    const stage = await setAwsStage(places, { live, port }, tell);
    return await mergeAndCheck({ places, stage, tell, startedAt, signal: ended.signal });
  } finally {
    await stopStarted(places, (what) => tell(`stopping ${what}`));
    tell('Everything is stopped. Left until the next demo:');
    tell(`  ${shortPath(places.mergedFile)}   a copy of the merged file`);
    tell(`  ${shortPath(places.logs)}, ${shortPath(places.emulator)}   logs, buckets and job runs`);
  }
}

/** Throws HOST_NOT_READY before anything is started. */
async function choosePort(places: AwsDemoPlaces): Promise<number> {
  const port = Number(process.env.SLUICE_PORT ?? 8350);
  refuseUnready(
    await checkHost(contextOf(places.root), {
      parts: ['java', 'memory'],
      diskBytes: RUN_BYTES,
      ports: [{ port, purpose: 'control API', setting: 'SLUICE_PORT' }],
    }),
  );
  return port;
}

/** The very last line is JSON, so that `tail -n 1` finds it. */
function report({ examples, ...counts }: AwsDemoResult): number {
  for (const example of examples) tell(`  wrong: ${example}`);
  const { snapshots, rowsExpected, rowsMerged, missing, doubled, wrongCells, seconds } = counts;
  const line = { snapshots, rowsExpected, rowsMerged, missing, doubled, wrongCells, seconds };
  console.log(JSON.stringify(line));
  const isGood = missing + doubled + wrongCells === 0 && rowsExpected === rowsMerged;
  return isGood && rowsExpected > 0 ? 0 : 1;
}
