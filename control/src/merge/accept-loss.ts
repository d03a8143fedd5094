import { SluiceError } from '../errors/sluice-error.ts';
import type { LostEntry } from './journal-lines.ts';
import type { OpenMerge } from './open-merge.ts';
import type { Quarantine } from './quarantine.ts';

/** Somebody's decision to go without some parts for good. */
export interface LossDecision {
  /** The parts, as the quarantine names them. */
  readonly parts: readonly string[];
  /** Who decides, as `user@host`. */
  readonly by: string;
}

/**
 * Writes into the journal that parts are given up, by whom, when and why; from then on they are done with. A part that
 * was merged and is in conflict cannot be given up: it is not lost. Throws MERGE_LOSS_UNKNOWN.
 */
export async function acceptLoss(
  { journal, state }: OpenMerge,
  quarantine: Quarantine,
  { parts, by }: LossDecision,
): Promise<void> {
  const held = new Map(
    quarantine.parts
      .filter(({ part }) => !state.sizes.has(part.relativePath))
      .map((one) => [one.part.relativePath, one]),
  );
  const at = new Date().toISOString();
  const entries = [...new Set(parts)].map((name): LostEntry => {
    const found = held.get(name);
    if (found === undefined) {
      const known = [...held.keys()].join(', ') || 'there is none';
      throw new SluiceError('MERGE_LOSS_UNKNOWN', { part: name, parts: known });
    }
    const { part, error } = found;
    const why = { code: error.code, reason: error.message };
    return { kind: 'lost', part: name, size: part.size, ...why, by, at };
  });
  if (entries.length === 0) return;
  await journal.append(entries);
  for (const entry of entries) state.add(entry);
  for (const name of parts) {
    const found = held.get(name);
    if (found !== undefined) quarantine.release(found.part);
  }
}
