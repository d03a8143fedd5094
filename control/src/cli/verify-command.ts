import type { Command } from 'commander';
import type { VerifyResult } from '../merge/verify-merge.ts';
import { addMergeOptions, type MergeArguments, readMergeOptions } from './merge-options.ts';
import { harmless, printJson, say } from './print-text.ts';

/** `sluice verify DIR FILE`: exit 0 when the file holds exactly the committed rows, else 1. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('compare a merged file with the committed parts, row by row')
    .argument('<folder>', 'the folder that holds _spark_metadata')
    .argument('<file>', 'the merged file');
  addMergeOptions(command).action(verify);
}

async function verify(folder: string, file: string, options: MergeArguments): Promise<void> {
  const { directory, into, ...wanted } = readMergeOptions(folder, file, options);
  const { verifyMerge } = await import('../merge/verify-merge.ts');
  const result = await verifyMerge(directory, into, wanted);
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
