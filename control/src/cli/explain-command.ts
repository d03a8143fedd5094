import type { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { catalogue, type ErrorCode, entryOf } from '../errors/catalogue.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { print } from './print-text.ts';

/** `sluice explain CODE`: an entry of the error catalogue. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('say what an error code means and what to do')
    .argument('<code>', 'for example SPEC_REFUSED')
    .action((code: string) => explain(code.toUpperCase()));
}

function explain(code: string): void {
  if (!Object.hasOwn(catalogue, code)) {
    throw new SluiceError('CODE_UNKNOWN', { code, nearest: closest(code, Object.keys(catalogue)) });
  }
  const { status, exit, found, wanted, next } = entryOf(code as ErrorCode);
  print(`${code} (HTTP ${status}, exit ${exit})\n  ${found}\n  ${wanted}\n  ${next}`);
}
