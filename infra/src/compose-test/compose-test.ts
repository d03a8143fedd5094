/**
 * `npm run test:compose`: builds the image, starts all containers, restarts and kills some of them while events come,
 * and compares the merged file with every event that was acknowledged. Ends with 3 when there is no Docker. With
 * `--no-build` it takes the image that is there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRows, countExpectedRows, type RowCheck } from '../demo/check-rows.ts';
import { ComposeProject, findDockerProblem } from './compose-project.ts';
import { ComposeTestError, PipelineView } from './pipeline-view.ts';

const root = join(import.meta.dirname, '../../..');
const pipeline = 'device-events';
/** Generous: a driver starts anew in most steps, and machines are slow. */
const stepSeconds = 420;
const started = performance.now();

/** What is done to the containers while events come. After each, rows must come again. */
const disturbances: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  ['restart control', [['restart', 'control']]],
  ['kill spark-worker-1', [['kill', 'spark-worker-1']]],
  ['start it again', [['start', 'spark-worker-1']]],
  ['restart kafka', [['restart', 'kafka']]],
  [
    'kill control',
    [
      ['kill', 'control'],
      ['start', 'control'],
    ],
  ],
  ['down and up', [['down'], ['up', '--detach', '--no-build', '--wait', '--wait-timeout', '600']]],
];

const problem = await findDockerProblem();
if (problem === undefined) {
  process.exitCode = await testCompose();
} else {
  console.error(`test:compose needs Docker with Compose v2 and found none: ${problem}`);
  console.error('Install Docker (https://docs.docker.com/engine/install/) or leave this test out.');
  process.exitCode = 3;
}

async function testCompose(): Promise<number> {
  const project = await ComposeProject.plan(root);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-compose-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void project.remove().finally(() => process.exit(130)));
  }
  try {
    return judge(await play(project, folder));
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : error}`);
    console.error(await project.run('logs', '--no-color', '--tail', '40').catch(String));
    return 1;
  } finally {
    await project.remove();
    await rm(folder, { recursive: true, force: true });
    say('everything is taken down');
  }
}

async function play(project: ComposeProject, folder: string): Promise<RowCheck> {
  if (!process.argv.includes('--no-build'))
    await step('build the image', () => project.run('build'));
  await step('start all containers', () => project.up());
  const view = new PipelineView(project.url, pipeline);
  const sample = ['infra/src/docker/device-events.yaml', '--target', 'standalone', '--start'];
  await step('first rows', async () => {
    await project.run('exec', '--no-TTY', 'control', 'sluice', 'apply', ...sample);
    await view.waitForRows(1, stepSeconds);
  });
  for (const [name, commands] of disturbances) {
    await step(name, async () => {
      for (const words of commands) await project.run(...words);
      // More than was in hand when it happened.
      await view.waitForRows(((await view.rows()) ?? 0) + 1000, stepSeconds);
    });
  }
  return compare(project, view, folder);
}

async function compare(
  project: ComposeProject,
  view: PipelineView,
  folder: string,
): Promise<RowCheck> {
  const sent = join(folder, 'sent.jsonl');
  const merged = join(folder, 'merged.csv');
  await step('all rows', async () => {
    await project.run('stop', 'producer');
    await project.run('cp', 'producer:/producer/sent.jsonl', sent);
    await view.waitForRows(await countExpectedRows(sent), stepSeconds);
  });
  await step('stop the pipeline', () =>
    project.run('exec', '--no-TTY', 'control', 'sluice', 'stop', pipeline, '--wait'),
  );
  await project.run('cp', `control:/data/data/${pipeline}.csv`, merged);
  return checkRows(sent, merged);
}

function judge({ rowsExpected, rowsMerged, missing, doubled, changed }: RowCheck): number {
  say(
    `${rowsExpected} rows expected, ${rowsMerged} merged: ` +
      `missing ${missing}, doubled ${doubled}, changed ${changed}`,
  );
  return missing + doubled + changed === 0 && rowsMerged > 0 ? 0 : 1;
}

async function step(name: string, act: () => Promise<unknown>): Promise<void> {
  const begin = performance.now();
  try {
    await act();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new ComposeTestError(`${name}: ${text}`, { cause: error });
  }
  say(`${name}: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}

function say(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${seconds.padStart(5)} s  ${text}`);
}
