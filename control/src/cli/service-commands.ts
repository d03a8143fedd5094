import { type Command, Option } from 'commander';
import { allTargets, type Target } from '../target.ts';
import { harmless, print, printJson, say } from './print-text.ts';
import type { PipelineAnswer, RunAnswer, RunPage, StatusAnswer } from './service-answers.ts';
import { callService, refuse, type ServiceOption } from './service-client.ts';
import { waitForStop } from './wait-for-stop.ts';

const urlOption = ['--url <address>', 'where the service listens (default: SLUICE_URL)'] as const;

const targetOption = new Option(
  '--target <where>',
  'where its runs are started (default: as before, at first local)',
).choices(allTargets);

/** The commands that change something in a running service. */
export function addServiceCommands(program: Command): void {
  program
    .command('apply')
    .description('give the service a spec')
    .argument('<file>', 'spec file')
    .addOption(targetOption)
    .option('--start', 'and start it at once')
    .option(...urlOption)
    .action(apply);
  program
    .command('start')
    .description('start a pipeline')
    .argument('<name>')
    .option(...urlOption)
    .action(start);
  program
    .command('stop')
    .description('stop a pipeline after its batch')
    .argument('<name>')
    .option('--wait', 'until it has ended')
    .option(...urlOption)
    .action(stop);
  program
    .command('delete')
    .description('forget a stopped pipeline; its data stays')
    .argument('<name>')
    .option(...urlOption)
    .action(remove);
  program
    .command('runs')
    .description('list the runs of a pipeline')
    .argument('<name>')
    .option('--json', 'print them as JSON')
    .option(...urlOption)
    .action(listRuns);
}

interface ApplyOptions {
  readonly target?: Target;
  readonly start?: boolean;
}

/** The spec is linted here too, because only here is its file to point into. */
async function apply(file: string, options: ServiceOption & ApplyOptions): Promise<void> {
  const { checkFile, sayFindings } = await import('./check-file.ts');
  const checked = checkFile(file);
  sayFindings(checked);
  const name = checked.pipeline?.name;
  if (name === undefined) {
    process.exitCode = 2;
    return;
  }
  const { target } = options;
  const path = pathOf(name, target === undefined ? '' : `?target=${target}`);
  const call = { method: 'PUT', body: checked.bytes } as const;
  const answer = await callService<PipelineAnswer>(options, path, call);
  if (!answer.ok) return refuse(answer.problem);
  say(`${name} is at revision ${answer.body.revision}, for the target ${answer.body.target}`);
  if (options.start) await start(name, options);
}

async function start(name: string, options: ServiceOption): Promise<void> {
  const answer = await callService<RunAnswer>(options, pathOf(name, '/start'), { method: 'POST' });
  if (!answer.ok) return refuse(answer.problem);
  say(answer.status === 202 ? `${name} is starting` : `${name} runs already`);
  print(answer.body.id);
}

async function stop(name: string, options: ServiceOption & { wait?: boolean }): Promise<void> {
  const answer = await callService<StatusAnswer>(options, pathOf(name, '/stop'), {
    method: 'POST',
  });
  if (!answer.ok) return refuse(answer.problem);
  if (answer.status === 200) return say(`${name} does not run`);
  if (!options.wait) return say(`${name} is stopping`);
  await waitForStop(name, options);
}

async function remove(name: string, options: ServiceOption): Promise<void> {
  const answer = await callService(options, pathOf(name, ''), { method: 'DELETE' });
  if (!answer.ok) return refuse(answer.problem);
  say(`${name} is forgotten; its data, checkpoint and merged file stay`);
}

async function listRuns(name: string, options: ServiceOption & { json?: boolean }): Promise<void> {
  const answer = await callService<RunPage>(options, pathOf(name, '/runs'));
  if (!answer.ok) return refuse(answer.problem);
  if (options.json) return printJson(answer.body);
  for (const run of answer.body.items) {
    const end = run.endedAt ? `ended ${run.endedAt}` : 'not ended';
    const cause = run.cause ? ` ${harmless(run.cause.sentence)}` : '';
    print(`${run.id}  ${run.state.padEnd(8)} started ${run.intentAt}, ${end}.${cause}`);
  }
}

/** A name goes into an address as it is only when it cannot mean anything else there. */
export function pathOf(name: string, rest: string): string {
  return `/api/v1/pipelines/${encodeURIComponent(name)}${rest}`;
}
