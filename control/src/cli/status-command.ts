import type { Command } from 'commander';
import { print, printJson, say } from './print-text.ts';
import type { PipelinePage, StatusAnswer } from './service-answers.ts';
import { callService, refuse, type ServiceOption } from './service-client.ts';
import { showStatus } from './show-status.ts';

type StatusOptions = ServiceOption & { json?: boolean };

/** `sluice status [NAME]`. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('say what is wanted and what is seen')
    .argument('[name]', 'a pipeline; all of them without')
    .option('--json', 'print it as JSON')
    .option('--url <address>', 'where the service listens (default: SLUICE_URL)')
    .action((name: string | undefined, options: StatusOptions) =>
      name === undefined ? statusOfAll(options) : statusOf(name, options),
    );
}

async function statusOf(name: string, options: StatusOptions): Promise<void> {
  const path = `/api/v1/pipelines/${encodeURIComponent(name)}/status`;
  const answer = await callService<StatusAnswer>(options, path);
  if (!answer.ok) return refuse(answer.problem);
  if (options.json) printJson(answer.body);
  else print(showStatus(answer.body));
}

async function statusOfAll(options: StatusOptions): Promise<void> {
  const answer = await callService<PipelinePage>(options, '/api/v1/pipelines?size=1000');
  if (!answer.ok) return refuse(answer.problem);
  if (options.json) return printJson(answer.body);
  const { items, total } = answer.body;
  if (total === 0) return say('There is no pipeline yet; apply a spec.');
  const width = Math.max(...items.map(({ name }) => name.length));
  for (const { name, observed, desired } of items) {
    print(
      `${name.padEnd(width)}  ${observed.state.padEnd(8)}  wanted ${desired}, since ${observed.since}`,
    );
  }
}
