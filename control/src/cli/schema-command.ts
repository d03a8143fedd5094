import type { Command } from 'commander';
import { pipelineSchema } from '../spec/pipeline-schema.ts';
import { printJson } from './print-text.ts';

/** `sluice schema`: for editors. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of specs, for editors')
    .action(() => printJson(pipelineSchema()));
}
