import type { Command } from 'commander';
import { replaceFile } from '../durable-file.ts';
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
  const { checkFile, sayFindings } = await import('./check-file.ts');
  const checked = checkFile(file);
  sayFindings(checked);
  if (!checked.pipeline) {
    process.exitCode = 2;
    return;
  }
  const { generateJob } = await import('../generate/generate-job.ts');
  const { text } = generateJob(checked.pipeline);
  if (output === undefined) return print(text);
  await replaceFile(output, text);
  say(`wrote ${output}`);
}
