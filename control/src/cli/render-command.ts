import type { Command } from 'commander';
import { replaceFile } from '../durable-file.ts';
import { generateJob } from '../generate/generate-job.ts';
import { checkFile, sayFindings } from './check-file.ts';
import { print, say } from './print-text.ts';

/** `sluice render FILE`: the PySpark job of a spec. */
export function addRender(program: Command): void {
  program
    .command('render')
    .description('print the PySpark job of a spec')
    .argument('<file>', 'spec file; - is standard input')
    .option('-o, --output <file>', 'write it there instead')
    .action((file: string, { output }: { output?: string }) => render(file, output));
}

async function render(file: string, output: string | undefined): Promise<void> {
  const checked = checkFile(file);
  sayFindings(checked);
  if (!checked.pipeline) {
    process.exitCode = 2;
    return;
  }
  const { text } = generateJob(checked.pipeline);
  if (output === undefined) return print(text);
  await replaceFile(output, text);
  say(`wrote ${output}`);
}
