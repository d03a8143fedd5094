import type { Command } from 'commander';
import type { VerifyResult } from '../merge/verify-merge.ts';
import { addMergeOptions, type MergeArguments, readMergeOptions } from './merge-options.ts';
import { harmless, printJson, say } from './print-text.ts';

/** `sluice verify DIR FILE`: exit 0 when the file holds exactly the committed rows, else 1. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('compare a merged file with the committed parts, row by row')
    .usage('[options] <folder...> <file>')
    .argument('<paths...>', 'the folders that hold _spark_metadata, then the merged file');
  addMergeOptions(command).action(verify);
}

async function verify(
  paths: readonly string[],
  options: MergeArguments,
  command: Command,
): Promise<void> {
  if (paths.length < 2) command.error("error: missing required argument 'file'");
  const [folder = '', ...further] = paths.slice(0, -1);
  const { directory, into, ...wanted } = readMergeOptions(folder, paths.at(-1) ?? '', options);
  const { verifyMerge } = await import('../merge/verify-merge.ts');
  const result = await verifyMerge(directory, into, { ...wanted, further });
  if (options.json) printJson(result);
  else sayResult(into, result);
  if (!result.ok) process.exitCode = 1;
}

function sayResult(file: string, result: VerifyResult): void {
  const { ok, partRows, mergedRows, missing, doubled, foreign, pendingParts, bytes } = result;
  say(`${file} ${ok ? 'holds exactly the committed rows' : 'is not the committed rows'}`);
  say(`  committed ${partRows}, merged ${mergedRows}, parts not merged yet ${pendingParts}`);
  say(`  missing ${missing}, doubled ${doubled}, foreign ${foreign}, header ${result.header}`);
  say(`  ${bytes} bytes, sha256 ${result.sha256}`);
  for (const part of result.unreadableParts) say(`  unreadable: ${harmless(part)}`);
  for (const part of result.lostParts) say(`  given up: ${harmless(part)}`);
  for (const part of result.damagedParts) say(`  damaged: ${harmless(part)}`);
}
