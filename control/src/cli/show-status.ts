import { harmless } from './print-text.ts';
import type { StatusAnswer } from './service-answers.ts';

/** A status as lines to read. */
export function showStatus(status: StatusAnswer): string {
  const { name, observed, desired, target, actions } = status;
  const age =
    observed.ageMs === undefined ? '' : `, seen ${(observed.ageMs / 1000).toFixed(1)} s ago`;
  return [
    `${name}  ${observed.state} since ${observed.since}${age}`,
    line('wanted', `${desired} on ${target}; one may ${actions.join(', ')}`),
    ...runLines(status),
    ...progressLines(status),
    ...mergeLines(status),
    ...causeLines(observed.cause),
  ].join('\n');
}

function runLines({ run }: StatusAnswer): readonly string[] {
  if (!run) return [];
  const pid = run.pid === undefined ? '' : `, process ${run.pid}`;
  const jobRun = run.jobRunId === undefined ? '' : `, job run ${run.jobRunId}`;
  const application = run.application === undefined ? '' : `, application ${run.application}`;
  return [line('run', `${run.id}, number ${run.attempt}${pid}${jobRun}${application}`)];
}

function progressLines({ progress }: StatusAnswer): readonly string[] {
  if (!progress) return [];
  const { totals, lag, rowsPerSecond } = progress;
  const speed = rowsPerSecond === undefined ? '' : `, ${rowsPerSecond} rows/s`;
  const behind = lag === undefined ? '' : `, ${lag} behind`;
  return [
    line('batch', `${progress.batch} in ${progress.batchMs} ms${speed}`),
    line('rows', `${totals.rows} committed, ${totals.deadLetters} dead letters${behind}`),
  ];
}

function mergeLines({ merge }: StatusAnswer): readonly string[] {
  const files = [merge?.rows, merge?.deadLetters].filter((file) => file !== undefined);
  return files.flatMap((file) => [
    line(
      'merged',
      `${file.rows} rows, ${file.bytes} bytes in ${harmless(file.file)} (${file.state})${behindOf(file)}`,
    ),
    ...causeLines(file.cause),
  ]);
}

/** How much of what is committed is not merged yet. */
function behindOf({
  pendingParts,
  quarantinedParts,
}: {
  readonly pendingParts: number;
  readonly quarantinedParts: number;
}): string {
  const held = quarantinedParts === 0 ? '' : `, ${quarantinedParts} in quarantine`;
  return pendingParts === 0 ? '' : `, ${pendingParts} parts behind${held}`;
}

function causeLines(cause: StatusAnswer['observed']['cause']): readonly string[] {
  if (!cause) return [];
  return [
    line('cause', `${cause.code}: ${harmless(cause.sentence)}`),
    ...(cause.evidence ? [line('', harmless(cause.evidence))] : []),
    line('next', harmless(cause.next)),
  ];
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(8)}${text}`;
}
