import { type Command, InvalidArgumentError } from 'commander';
import type { MergeResult } from '../merge/merge-once.ts';
import type { RotationLimits } from '../merge/merge-settings.ts';
import { followFolder } from './merge-follow.ts';
import { addMergeOptions, type MergeArguments, readMergeOptions } from './merge-options.ts';
import { MergeProgressBar } from './merge-progress-bar.ts';
import { harmless, printJson, say } from './print-text.ts';
import { readRotation } from './read-rotation.ts';
import { sayQuarantined } from './say-quarantined.ts';

type Arguments = MergeArguments & {
  readonly into: string;
  readonly rebuild?: boolean;
  readonly follow?: boolean;
  readonly every: number;
  readonly rotate?: RotationLimits;
  readonly acceptLoss?: readonly string[];
};

/** `sluice merge DIR --into FILE`: works on any Spark streaming output, without the service. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('merge the committed parts of a Spark streaming output into one file')
    .argument(
      '<folder...>',
      'the folder that holds _spark_metadata; several are merged in their order',
    )
    .requiredOption('--into <file>', 'the merged file');
  addMergeOptions(command)
    .option(
      '--rotate <limit>',
      'finish the file at 256MB, 1000000rows or 1h; repeatable',
      readRotation,
    )
    .option('--follow', 'go on with each new batch, until SIGINT or SIGTERM')
    .option('--every <seconds>', 'between two looks while following', readSeconds, 1)
    .option('--rebuild', 'make the merged file anew from all parts')
    .option(
      '--accept-loss <part>',
      'go without a part that cannot be merged, for good; repeatable',
      addWord,
    )
    .action(merge)
    .addHelpText('after', exitCodes);
}

const exitCodes = `
Exit: 0 every committed row is in the merged file, but for parts given up by --accept-loss; 3 some parts cannot be
trusted and are not in it (reasons are printed and stand in FILE.quarantine); 1, 2, 4 as \`sluice explain\` says.`;

async function merge(
  [folder = '', ...further]: readonly string[],
  options: Arguments,
): Promise<void> {
  const { keepHeapSmall } = await import('../merge/keep-heap-small.ts');
  keepHeapSmall();
  const { rotate, rebuild, acceptLoss, json } = options;
  const wanted = {
    ...readMergeOptions(folder, options.into, options),
    ...(further.length > 0 ? { further } : {}),
    ...(rotate ? { rotate } : {}),
  };
  if (options.follow) return followFolder(wanted, options.every * 1000, json === true);
  const { mergeOnce } = await import('../merge/merge-once.ts');
  const bar = new MergeProgressBar();
  const result = await mergeOnce({
    ...wanted,
    ...(rebuild ? { rebuild } : {}),
    ...(acceptLoss ? { acceptLoss } : {}),
    onProgress: (progress) => bar.show(progress),
  }).finally(() => bar.clear());
  if (json) printJson(result);
  sayQuarantined(options.into, result.quarantined);
  if (!json) sayResult(options.into, result);
}

function sayResult(into: string, { parts, rows, totals, lost, finishedFiles }: MergeResult): void {
  const files =
    finishedFiles.length > 0 ? ` and ${finishedFiles.length} finished files have` : ' has';
  say(
    `${rows} rows of ${parts} parts added; ${into}${files} ${totals.rows} rows, ${totals.bytes} bytes`,
  );
  if (lost.length > 0)
    say(`  without ${lost.length} parts that were given up: ${harmless(lost.join(', '))}`);
}

function addWord(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}
