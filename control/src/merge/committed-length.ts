import { diskFiles } from './disk-files.ts';
import { journalOf, readJournal } from './merge-journal.ts';
import { addUpJournal, type MergeTotals } from './merge-state.ts';

/**
 * How much of a merged file is good: its first `bytes` bytes are whole records, safe on disk, each once. A reader of
 * a growing file must not read behind them: there a part may just be on its way. Undefined when there is no journal.
 * Throws MERGE_JOURNAL_CORRUPT.
 */
export async function readCommittedLength(file: string): Promise<MergeTotals | undefined> {
  const content = await readJournal(diskFiles, journalOf(file));
  return content && addUpJournal(journalOf(file), content)?.totals;
}
