import { hashRecord } from './record-hash.ts';

/** Walks over all records of one side. */
export type WalkRecords = (take: (record: Buffer) => void) => Promise<void>;

/** How two multisets of records differ; examples are at most five of each, shortened. */
export interface RecordDifference {
  /** Records of the parts that the merged file has less often. */
  readonly missing: number;
  /** Records of the parts that the merged file has more often. */
  readonly doubled: number;
  /** Records of the merged file that no part has. */
  readonly foreign: number;
  readonly examples: Readonly<Record<'missing' | 'doubled' | 'foreign', readonly string[]>>;
}

export const noDifference: RecordDifference = Object.freeze({
  missing: 0,
  doubled: 0,
  foreign: 0,
  examples: { missing: [], doubled: [], foreign: [] },
});

const shown = 5;
const shownCharacters = 200;

/**
 * Counts differences exactly, by hash. Memory stays bounded however many records there are: each round looks only
 * at those whose hash falls into its share, about `perRound` records, and walks over both sides again.
 */
export async function compareRecords(
  parts: WalkRecords,
  merged: WalkRecords,
  size: { readonly records: number; readonly perRound?: number },
): Promise<RecordDifference> {
  const rounds = Math.max(1, Math.ceil(size.records / (size.perRound ?? 1_000_000)));
  const difference = new DifferenceCount();
  for (let round = 0; round < rounds; round += 1) {
    const inRound = (record: Buffer, use: (key: number) => void) => {
      const { high, low } = hashRecord(record, 0, record.length);
      if ((high >>> 0) % rounds === round) use((high >>> 0) * 2 ** 21 + (low >>> 11));
    };
    const counts = new Map<number, number>();
    await parts((record) => inRound(record, (key) => counts.set(key, (counts.get(key) ?? 0) + 1)));
    await merged((record) => inRound(record, (key) => difference.take(record, key, counts)));
    if (!difference.countMissing(counts)) continue;
    await parts((record) => inRound(record, (key) => difference.showMissing(record, key, counts)));
  }
  return difference;
}

class DifferenceCount implements RecordDifference {
  missing = 0;
  doubled = 0;
  foreign = 0;
  readonly examples = { missing: [] as string[], doubled: [] as string[], foreign: [] as string[] };

  /** Takes a merged record off the counts of the parts. */
  take(record: Buffer, key: number, counts: Map<number, number>): void {
    const left = counts.get(key);
    if (left === undefined) {
      this.foreign += 1;
      show(this.examples.foreign, record);
      return;
    }
    if (left <= 0) {
      this.doubled += 1;
      show(this.examples.doubled, record);
    }
    counts.set(key, left - 1);
  }

  /** True when examples of missing records are still wanted. */
  countMissing(counts: ReadonlyMap<number, number>): boolean {
    const before = this.missing;
    for (const left of counts.values()) this.missing += Math.max(0, left);
    return this.missing > before && this.examples.missing.length < shown;
  }

  showMissing(record: Buffer, key: number, counts: Map<number, number>): void {
    const left = counts.get(key) ?? 0;
    if (left <= 0) return;
    show(this.examples.missing, record);
    counts.set(key, left - 1);
  }
}

function show(examples: string[], record: Buffer): void {
  if (examples.length >= shown) return;
  const text = record.toString();
  examples.push(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}...` : text);
}
