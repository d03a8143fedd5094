import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { absolutePlace } from '../storage/place.ts';
import { chooseMeans } from './choose-means.ts';
import { CommittedOutputs } from './committed-outputs.ts';
import type { CommittedPart } from './committed-parts.ts';
import { compareRecords, noDifference, type RecordDifference } from './compare-records.ts';
import type { FilePort } from './file-port.ts';
import { findOrphans } from './find-orphans.ts';
import { settleHeader } from './header-mode.ts';
import type { JournalEntry } from './journal-lines.ts';
import { journalOf, readJournal } from './merge-journal.ts';
import { type MergeOptions, type MergeSettings, settleOptions } from './merge-settings.ts';
import { type ComparedFile, MergeSides } from './merge-sides.ts';
import { addUpJournal, type MergeState } from './merge-state.ts';
import { filterParts } from './partition-filter.ts';
import { RangeCheck } from './range-check.ts';
import { hashRecord, RecordSums } from './record-hash.ts';

/** As for the merge; what is left out is taken from the journal, if there is one. */
export interface VerifyOptions extends Omit<MergeOptions, 'directory' | 'into'> {
  /** Records held in memory at once while differences are counted. */
  readonly recordsPerRound?: number;
}

export interface VerifyResult extends RecordDifference {
  /** True when header and rows are exactly those of the committed parts. */
  readonly ok: boolean;
  readonly partRows: number;
  readonly mergedRows: number;
  /** Bytes that were compared: of finished files all, of the growing one up to its committed length. */
  readonly bytes: number;
  /** SHA-256 of those bytes, in hexadecimal. */
  readonly sha256: string;
  /** Bytes behind the committed length: a part on its way, or left over from a crash. */
  readonly uncommittedTail: number;
  readonly header: 'same' | 'different' | 'none';
  /** Committed parts that the journal does not have yet; 0 without a journal. */
  readonly pendingParts: number;
  /** Committed parts that cannot be read as they were committed, or are listed with two sizes. */
  readonly unreadableParts: readonly string[];
  /** Parts that somebody gave up; their rows are not looked for. */
  readonly lostParts: readonly string[];
  /** Parts whose bytes in the merged file differ from the journal. */
  readonly damagedParts: readonly string[];
  readonly journal: 'used' | 'absent' | 'damaged';
  /** Files in the folder that Spark did not commit; they are no fault. */
  readonly orphans: readonly string[];
}

/**
 * Compares a merged file with the committed parts as multisets of records, line endings apart. Memory is constant.
 * Throws MERGE_FILE_MISSING, MERGE_NOTHING_COMMITTED and the errors of reading log and parts.
 */
export async function verifyMerge(
  directory: string,
  file: string,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const into = absolutePlace(file);
  const { port } = await chooseMeans({ ...options, directory, into });
  const known = await readKnown(port, into);
  const { files, uncommittedTail } = await listFiles(port, into, known.state);
  const listed = await listParts(port, directory, { known, options });
  const { settings, parts, committed, conflicts } = listed;
  const sides = new MergeSides(port, { parts, files, settings });
  const compared = await compareSides(sides, known, options.recordsPerRound);
  const sizes = known.state?.sizes;
  const unreadableParts = [...new Set([...sides.unreadable, ...conflicts])];
  return {
    ...compared,
    ok: compared.ok && unreadableParts.length === 0,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    uncommittedTail,
    pendingParts: sizes ? parts.filter((part) => !sizes.has(part.relativePath)).length : 0,
    unreadableParts,
    lostParts: known.state?.lost.map(({ part }) => part) ?? [],
    journal: known.journal,
    orphans: await findOrphans(
      port,
      absolutePlace(directory),
      (path) => committed.has(path) || !!sizes?.has(path),
    ),
  };
}

/** The finished files of a rotation, then the growing one. */
async function listFiles(port: FilePort, file: string, state: MergeState | undefined) {
  const finished = state?.finished.map((one) => join(dirname(file), one.file)) ?? [];
  const files: ComparedFile[] = [];
  for (const path of [...finished, file]) {
    const bytes = await port.size(path);
    if (bytes === undefined) throw new SluiceError('MERGE_FILE_MISSING', { file: path });
    files.push({ path, bytes });
  }
  const size = files.pop()?.bytes ?? 0;
  const bytes = Math.min(size, state?.length ?? size);
  return { files: [...files, { path: file, bytes }], uncommittedTail: size - bytes };
}

interface KnownMerge {
  readonly journal: VerifyResult['journal'];
  readonly entries: readonly JournalEntry[];
  readonly state?: MergeState;
}

async function readKnown(port: FilePort, file: string): Promise<KnownMerge> {
  const path = journalOf(file);
  try {
    const content = await readJournal(port, path);
    const state = content && addUpJournal(path, content);
    if (content === undefined || state === undefined) return { journal: 'absent', entries: [] };
    return { journal: 'used', entries: content.entries, state };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return { journal: 'damaged', entries: [] };
  }
}

interface ListedParts {
  readonly settings: MergeSettings;
  readonly parts: readonly CommittedPart[];
  /** All committed paths, also of partitions that were not chosen. */
  readonly committed: ReadonlySet<string>;
  /** Paths that are listed with two sizes, in the log or in log and journal. */
  readonly conflicts: readonly string[];
}

async function listParts(
  port: FilePort,
  directory: string,
  { known, options }: { readonly known: KnownMerge; readonly options: VerifyOptions },
): Promise<ListedParts> {
  const log = new CommittedOutputs(port, [directory, ...(options.further ?? [])]);
  const listed = await log.readNew();
  if (listed === undefined) throw new SluiceError('MERGE_NOTHING_COMMITTED', { directory });
  const begun = known.state?.begun;
  const wanted = settleOptions({ directory, into: '', ...(begun && asOptions(begun)), ...options });
  const lost = new Set(known.state?.lost.map(({ part }) => part));
  const chosen = filterParts(listed, { ...wanted, directory });
  const parts = chosen.filter((part) => !lost.has(part.relativePath));
  const settings = await settleHeader(port, { directory, parts }, wanted);
  const conflicts = [
    ...log.takeConflicts().map(({ part }) => part.relativePath),
    ...parts.filter((part) => isOtherSize(part, known.state)).map((part) => part.relativePath),
  ];
  const committed = new Set(listed.map((part) => part.relativePath));
  return { settings, parts, committed, conflicts };
}

function isOtherSize({ relativePath, size }: CommittedPart, state: MergeState | undefined) {
  return (state?.sizes.get(relativePath) ?? size) !== size;
}

/** The settings of a merge as its caller would give them. */
function asOptions({ columns, only, partitionColumns, ...dialect }: MergeSettings) {
  const { format, delimiter, escape: way, header } = dialect;
  const added = partitionColumns?.length ?? 0;
  return {
    ...{ format, delimiter, escape: way, header },
    ...(columns && { columns: columns.slice(0, columns.length - added) }),
    ...(only && { only }),
    ...(partitionColumns && { partitionColumns }),
  };
}

type Compared = RecordDifference &
  Pick<VerifyResult, 'ok' | 'partRows' | 'mergedRows' | 'header' | 'damagedParts' | 'sha256'>;

/** One walk over each side; only when their sums differ, more of them. */
async function compareSides(
  sides: MergeSides,
  known: KnownMerge,
  perRound = 1_000_000,
): Promise<Compared> {
  const ranges = new RangeCheck(known.entries);
  const [wanted, found] = [new RecordSums(), new RecordSums()];
  const addTo = (sums: RecordSums) => (record: Buffer) =>
    sums.add(hashRecord(record, 0, record.length));
  await sides.walkParts(addTo(wanted));
  const hash = createHash('sha256');
  await sides.walkMerged(addTo(found), (chunk) => {
    ranges.take(chunk);
    hash.update(chunk);
  });
  const header = compareHeaders(sides);
  const same = wanted.equals(found);
  const size = { records: Math.max(wanted.records, found.records), perRound };
  const walkParts: MergeSides['walkParts'] = (take) => sides.walkParts(take);
  const walkMerged = (take: (record: Buffer) => void) => sides.walkMerged(take);
  const difference = same ? noDifference : await compareRecords(walkParts, walkMerged, size);
  const { missing, doubled, foreign, examples } = difference;
  return {
    ok: same && header !== 'different' && ranges.damaged.length === 0,
    partRows: wanted.records,
    mergedRows: found.records,
    header,
    damagedParts: ranges.damaged,
    sha256: hash.digest('hex'),
    ...{ missing, doubled, foreign, examples },
  };
}

function compareHeaders({
  partHeader: part,
  mergedHeader: merged,
  mergedHeadersDiffer,
}: MergeSides): VerifyResult['header'] {
  if (mergedHeadersDiffer) return 'different';
  if (part === undefined && merged === undefined) return 'none';
  return part !== undefined && merged?.equals(part) ? 'same' : 'different';
}
