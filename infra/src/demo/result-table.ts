import { count } from './demo-view.ts';
import type { DemoResult } from './run-demo.ts';

/** The outcome as a short table for people. */
export function drawTable(result: DemoResult): string {
  const rows: readonly (readonly [string, string])[] = [
    ['events sent', count(result.events)],
    ['rows expected', count(result.rowsExpected)],
    ['rows merged', count(result.rowsMerged)],
    ['missing', count(result.missing)],
    ['doubled', count(result.doubled)],
    ['changed', count(result.changed)],
    ['seconds to the first row', result.secondsToFirstRow.toFixed(1)],
    ['seconds in all', result.seconds.toFixed(1)],
  ];
  const name = Math.max(...rows.map(([text]) => text.length));
  const value = Math.max(...rows.map(([, text]) => text.length));
  return rows.map((row) => `  ${row[0].padEnd(name)}  ${row[1].padStart(value)}`).join('\n');
}
