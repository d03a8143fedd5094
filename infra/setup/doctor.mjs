/**
 * `sluice doctor [--json]`: looks at this machine and at set-up without changing anything. Exit code 0 when nothing
 * fails (warnings allowed), 3 when something does.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contextOf } from './ensure-set-up.mjs';
import { examine } from './examine.mjs';

const NOT_READY = 3;
const root = join(fileURLToPath(import.meta.url), '..', '..', '..');
const marks = { pass: 'ok  ', warn: 'warn', fail: 'FAIL' };

const checks = await examine(contextOf(root));
const ok = checks.every((check) => check.status !== 'fail');
console.log(
  process.argv.includes('--json') ? JSON.stringify({ ok, checks }, null, 2) : showChecks(),
);
process.exitCode = ok ? 0 : NOT_READY;

/** @returns {string} */
function showChecks() {
  const groups = [...new Set(checks.map((check) => check.group))];
  const shown = groups.map((group) => {
    const lines = checks.filter((check) => check.group === group).map(showCheck);
    return `${group}\n${lines.join('\n')}`;
  });
  const bad = checks.filter((check) => check.status === 'fail').length;
  const verdict = ok ? 'Sluice can run here.' : `${bad} to mend before Sluice can run here.`;
  return `${shown.join('\n\n')}\n\n${verdict}`;
}

/** @param {import('./checks/check.mjs').Check} check */
function showCheck({ status, found, wanted, fix }) {
  return status === 'pass'
    ? `  ${marks.pass}  ${found}`
    : `  ${marks[status]}  ${found}\n        ${wanted}\n        -> ${fix}`;
}
