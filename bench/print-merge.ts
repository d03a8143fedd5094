import type { InProcess, MergeMeasures } from './measure-merge.ts';
import type { Spread } from './spread.ts';

/** The section on the merge of docs/benchmarks.md. */
export function printMerge(merge: MergeMeasures): string {
  const { tools, timesFaster, bigPart, tinyParts, delay } = merge;
  const rows = Object.entries(timesFaster).map(
    ([tool, times]) => `| ${names[tool] ?? tool} | ${tools[tool as 'pandas']} | ${times} |`,
  );
  return `## The merge

The same part files in one run. Bytes are synced to disk at the end by Sluice and by \`cat\`, not by the others; Sluice
also counts every record and keeps its journal.

| ${merge.megabytes} MB in 64 parts | MB per second | ratio to \`cat\` |
| --- | --- | --- |
| Sluice | ${show(merge.sluice)} | ${show(merge.ratioToCat)} |
| \`cat parts > file; sync\` | ${show(merge.cat)} | 1 |

| ${merge.parsedMegabytes} MB in 8 parts | MB per second | Sluice is so many times faster |
| --- | --- | --- |
| Sluice | ${tools.sluice} | |
${rows.join('\n')}

- ${count(tinyParts.parts)} parts of 2 kB: ${count(merge.tinyPartsPerSecond)} parts per second, ${memory(tinyParts)}.
- One part of ${(bigPart.bytes / 1e9).toFixed(0)} GB (made while it is read, written nowhere): ${bigPart.seconds.toFixed(0)} s, ${memory(bigPart)}.
- From a batch in Spark's log to its rows within the published length: ${show(delay)} ms.
`;
}

const names: Readonly<Record<string, string>> = {
  pandas: "the original's loop (pandas)",
  duckdb: 'DuckDB, `COPY`',
  polars: 'Polars, `sink_csv`',
  spark: 'Spark, `coalesce(1)`',
};

function memory({ peakMegabytes, aboveStartMegabytes }: InProcess): string {
  return `${peakMegabytes} MB of memory at most, ${aboveStartMegabytes} MB above the start`;
}

function show({ median, least, most }: Spread): string {
  return `${median} (${least} to ${most})`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
