import type { Command } from 'commander';
import { addMergeOptions, type MergeArguments, readMergeOptions } from './merge-options.ts';
import { printJson, say } from './print-text.ts';

type Arguments = MergeArguments & { readonly into: string; readonly rebuild?: boolean };

/** `sluice merge DIR --into FILE`: works on any Spark streaming output, without the service. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('merge the committed parts of a Spark streaming output into one file')
    .argument('<folder>', 'the folder that holds _spark_metadata')
    .requiredOption('--into <file>', 'the merged file');
  addMergeOptions(command)
    .option('--rebuild', 'make the merged file anew from all parts')
    .action(merge);
}

/** Exit 0 only when every committed row is in the merged file. */
async function merge(folder: string, options: Arguments): Promise<void> {
  const { mergeOnce } = await import('../merge/merge-once.ts');
  const result = await mergeOnce({
    ...readMergeOptions(folder, options.into, options),
    ...(options.rebuild ? { rebuild: true } : {}),
    onProgress: ({ rows }, pending) => {
      if (process.stderr.isTTY && !options.json) say(`${rows} rows, ${pending} parts left`);
    },
  });
  if (options.json) return printJson(result);
  const { parts, rows, totals } = result;
  say(
    `${rows} rows of ${parts} parts added; ${options.into} has ${totals.rows} rows, ${totals.bytes} bytes`,
  );
}
