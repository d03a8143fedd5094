import type { Command } from 'commander';

/** placeholder until verifyMerge is there */
export function addVerify(_program: Command): void {}
