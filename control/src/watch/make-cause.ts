import { entryOf, fillIn } from '../errors/catalogue.ts';
import type { Reason } from '../errors/reason.ts';
import type { Executor } from '../executors/executor.ts';
import type { Cause } from '../store/run-state.ts';
import type { RunRecord } from '../store/run-store.ts';
import type { EndSign } from './job-signs.ts';

const linesToSearch = 2000;
const longestEvidence = 500;

/** Puts a reason into sentences. */
export function makeCause({ code, parameters }: Reason, evidence?: string): Cause {
  const entry = entryOf(code);
  return Object.freeze({
    code,
    sentence: fillIn(entry.found, parameters),
    next: fillIn(entry.next, parameters),
    ...(evidence ? { evidence: evidence.slice(0, longestEvidence) } : {}),
  });
}

/**
 * The line that shows why a driver failed: the job's last word, else the first exception in the end of its log,
 * else the log's last line.
 */
export async function findEvidence(
  run: RunRecord,
  executor: Executor,
  end: EndSign | undefined,
): Promise<string | undefined> {
  const lastWord = [end?.condition, firstLine(end?.message)].filter(Boolean).join(': ');
  if (lastWord) return lastWord;
  if (!run.handle) return undefined;
  const { total } = await executor.readLog(run.handle, 0, 0);
  const from = Math.max(0, total - linesToSearch);
  const { lines } = await executor.readLog(run.handle, from, linesToSearch);
  return lines.find(isException) ?? lines.findLast((line) => line.trim() !== '');
}

/**
 * Spark's own sign of two queries on one checkpoint. It has no stable condition for it: a text of
 * SparkConcurrentModificationException, or the later name, or the sink log's refusal of a batch that is there.
 */
export function showsSharedCheckpoint(evidence: string | undefined): boolean {
  return /concurrently using|CONCURRENT_STREAM_LOG_UPDATE|Race while writing batch/.test(
    evidence ?? '',
  );
}

/** `a.b.SomeException: text` or `SomeError: text` at the start of a line, as Java and Python print them. */
function isException(line: string): boolean {
  return /^(?:Exception in thread "[^"]*" |Caused by: )?(?:[\w$]+\.)*[A-Z]\w*(?:Exception|Error)\b(?::|$)/.test(
    line,
  );
}

function firstLine(text: string | null | undefined): string | undefined {
  return text?.split('\n', 1)[0];
}
