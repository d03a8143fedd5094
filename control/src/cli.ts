import { Command, CommanderError } from 'commander';
import { addExplain } from './cli/explain-command.ts';
import { addLint } from './cli/lint-command.ts';
import { addLogs } from './cli/logs-command.ts';
import { addMerge } from './cli/merge-command.ts';
import { addPlan } from './cli/plan-command.ts';
import { addRender } from './cli/render-command.ts';
import { sayError } from './cli/say-error.ts';
import { addSchema } from './cli/schema-command.ts';
import { addServe } from './cli/serve-command.ts';
import { addServiceCommands } from './cli/service-commands.ts';
import { addStatus } from './cli/status-command.ts';
import { addVerify } from './cli/verify-command.ts';

const exitCodes = `
Exit codes: 0 done, 1 it failed, 2 the input is wrong, 3 the machine or service is not ready,
4 refused because somebody else owns it. Data goes to standard output, talk to standard error.`;

const program = new Command('sluice')
  .description('One YAML spec in, one clean CSV out, by Spark Structured Streaming.')
  .version('0.1.0')
  .showHelpAfterError('(sluice --help says more)')
  .addHelpText('after', exitCodes)
  .exitOverride();

// What only one command needs is loaded when that command runs: the others start twice as fast without.
addLint(program);
addRender(program);
addPlan(program);
addSchema(program);
addServe(program, async (options) => {
  const { serve } = await import('./server.ts');
  return serve(options);
});
addServiceCommands(program);
addStatus(program);
addLogs(program);
addMerge(program);
addVerify(program);
addExplain(program);
// Answered by the launcher, which also works when nothing is installed yet.
program.command('doctor').description('check this machine; --json for programs');

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  await program.parseAsync();
} catch (error) {
  // Commander has already said what is wrong with the arguments; help and version are no failure.
  process.exitCode =
    error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : sayError(error);
}
