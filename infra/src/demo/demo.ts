import { checkHost, RUN_BYTES, refuseUnready } from '../../setup/check-host.mjs';
import { contextOf } from '../../setup/ensure-set-up.mjs';
import { reportSetupError } from '../../setup/report-setup-error.mjs';
import { SetupError } from '../../setup/setup-errors.mjs';
import { DemoError } from './demo-errors.ts';
import { type DemoOptions, readDemoOptions } from './demo-options.ts';
import { type DemoPlaces, demoPlaces, shortPath } from './demo-places.ts';
import { claimFolder, type DemoPorts, setStage, stopLeftovers } from './demo-stage.ts';
import { endOnSignal } from './end-on-signal.ts';
import { type LiveView, openLiveView } from './live-view.ts';
import { drawTable } from './result-table.ts';
import { type DemoResult, produceAndCheck, watchUntilAsked } from './run-demo.ts';
import { stopStarted } from './stop-started.ts';

const view = openLiveView(process.stderr);
const ended = new AbortController();
// The children of a demo that failed would keep it alive; the guardian ends them once it is gone.
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readDemoOptions(process.argv.slice(2));
    endOnSignal(ended);
    return await runDemo(options, demoPlaces(process.env));
  } catch (error) {
    view.close();
    if (ended.signal.aborted) return 130;
    if (error instanceof SetupError) return reportSetupError(error);
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof DemoError && error.code === 'DEMO_USAGE' ? 2 : 1;
  }
}

async function runDemo(options: DemoOptions, places: DemoPlaces): Promise<number> {
  const result = await playDemo(options, places);
  // The very last line, so that `tail -n 1` finds it.
  return result ? report(result) : 0;
}

/** Returns what a demo that ends by itself found; undefined when it ran until somebody ended it. */
async function playDemo(options: DemoOptions, places: DemoPlaces): Promise<DemoResult | undefined> {
  await stopLeftovers(places, view.tell);
  const startedAt = performance.now();
  const ports = await choosePorts();
  await claimFolder(places);
  try {
    view.tell('starting Kafka, the control service, the pipeline and the producer');
    const stage = await setStage(places, ports, options);
    const demo = { places, stage, view, startedAt, signal: ended.signal };
    if (options.events !== undefined) return await produceAndCheck(demo, options, view.tell);
    await watchUntilAsked(demo);
    return undefined;
  } finally {
    view.close();
    await stopStarted(places, (what) => view.tell(`stopping ${what}`));
    tellWhatIsLeft(view, places);
  }
}

/** Throws HOST_NOT_READY before anything is started. */
async function choosePorts(): Promise<DemoPorts> {
  const ports = {
    api: Number(process.env.SLUICE_PORT ?? 8350),
    kafka: Number(process.env.SLUICE_KAFKA_PORT ?? 9092),
  };
  refuseUnready(
    await checkHost(contextOf(demoPlaces(process.env).root), {
      parts: ['java', 'memory'],
      diskBytes: RUN_BYTES,
      ports: [
        { port: ports.api, purpose: 'control API', setting: 'SLUICE_PORT' },
        { port: ports.kafka, purpose: 'Kafka', setting: 'SLUICE_KAFKA_PORT' },
      ],
    }),
  );
  return ports;
}

function report(result: DemoResult): number {
  const { changed, ...counts } = result;
  console.error(drawTable(result));
  console.log(JSON.stringify(counts));
  const { missing, doubled, rowsExpected, rowsMerged } = result;
  return missing + doubled + changed === 0 && rowsExpected === rowsMerged ? 0 : 1;
}

function tellWhatIsLeft({ tell }: LiveView, places: DemoPlaces): void {
  tell('Everything is stopped. Left until the next demo:');
  tell(`  ${shortPath(places.mergedFile)}   the merged file`);
  tell(`  ${shortPath(places.sink)}   Spark's parts and checkpoint`);
  tell(`  ${shortPath(places.logs)}, ${shortPath(places.state)}   logs of each process`);
}
