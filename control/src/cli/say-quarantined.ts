import type { QuarantineReason } from '../merge/quarantine.ts';
import { harmless, paint, say } from './print-text.ts';

/** What the command exits with when a committed row is not in the merged file. */
export const incompleteExit = 3;

/** Says which parts are not merged, and lets the command exit with 3 if there are any. */
export function sayQuarantined(into: string, quarantined: readonly QuarantineReason[]): void {
  if (quarantined.length === 0) return;
  process.exitCode = incompleteExit;
  say(`${paint.red('incomplete')} ${quarantined.length} committed parts are not in ${into}:`);
  for (const { code, reason, next } of quarantined.slice(0, 20)) {
    say(`  ${code}: ${harmless(reason)}\n    ${harmless(next)}`);
  }
  if (quarantined.length > 20) say(`  and ${quarantined.length - 20} more, in ${into}.quarantine`);
}
