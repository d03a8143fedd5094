import type { Command } from 'commander';
import { printJson } from './print-text.ts';

/** `sluice schema`: for editors. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of specs, for editors')
    .action(async () => {
      const { pipelineSchema } = await import('../spec/pipeline-schema.ts');
      printJson(pipelineSchema());
    });
}
