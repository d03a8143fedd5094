import type { Command } from 'commander';
import { harmless, print, say } from './print-text.ts';
import type { LogAnswer, StatusAnswer } from './service-answers.ts';
import { callService, refuse, type ServiceOption } from './service-client.ts';

type LogOptions = ServiceOption & { readonly lines: string };

/** `sluice logs NAME|RUN`. */
export function addLogs(program: Command): void {
  program
    .command('logs')
    .description("print the end of a driver's log")
    .argument('<name>', 'a pipeline, for its newest run, or a run id')
    .option('-n, --lines <count>', 'how many lines', '100')
    .option('--url <address>', 'where the service listens (default: SLUICE_URL)')
    .action(printLog);
}

async function printLog(name: string, options: LogOptions): Promise<void> {
  const id = /^run-[0-9a-f]{16}$/.test(name) ? name : await newestRun(name, options);
  if (id === undefined) return;
  const size = encodeURIComponent(options.lines);
  const answer = await callService<LogAnswer>(options, `/api/v1/runs/${id}/log?size=${size}`);
  if (!answer.ok) return refuse(answer.problem);
  for (const line of answer.body.log) print(harmless(line));
}

async function newestRun(name: string, options: LogOptions): Promise<string | undefined> {
  const path = `/api/v1/pipelines/${encodeURIComponent(name)}/status`;
  const answer = await callService<StatusAnswer>(options, path);
  if (!answer.ok) {
    refuse(answer.problem);
    return undefined;
  }
  if (!answer.body.run) say(`${name} has not run yet`);
  return answer.body.run?.id;
}
