import { SluiceError } from '../errors/sluice-error.ts';
import { absolutePlace } from '../storage/place.ts';
import { type CommittedPart, findConflict } from './committed-parts.ts';
import { settleHeader } from './header-mode.ts';
import { type MergeMeans, usualTuning } from './merge-parts.ts';
import { compareSettings, type MergeOptions, settleOptions } from './merge-settings.ts';
import type { MergeState } from './merge-state.ts';
import { beginMerge, closeMerge, type OpenMerge, openMerge } from './open-merge.ts';
import type { Quarantine } from './quarantine.ts';
import { finishSwap } from './swap-files.ts';

/** The merge of a file: the one its journal tells of, recovered, or a new one. */
export async function resumeOrBegin(
  { port, tuning = usualTuning }: MergeMeans,
  options: MergeOptions,
  parts: readonly CommittedPart[],
): Promise<OpenMerge> {
  const { into, directory } = options;
  const source = absolutePlace(directory);
  const wanted = settleOptions(options);
  await finishSwap(port, into);
  const found = await openMerge(port, into, tuning.chunkBytes);
  if (found !== undefined) {
    try {
      compareSettings(into, found.state.begun, wanted);
      compareSource(into, source, { parts, state: found.state });
      return found;
    } catch (error) {
      await closeMerge(found);
      throw error;
    }
  }
  const settings = await settleHeader(port, { directory, parts }, wanted);
  const begun = new Date().toISOString();
  await beginMerge(port, into, { kind: 'merge', version: 1, source, begun, ...settings });
  return (await openMerge(port, into, tuning.chunkBytes)) as OpenMerge;
}

/** Another folder is the same output when it holds parts that are merged: then it has been moved. */
function compareSource(
  file: string,
  source: string,
  known: { readonly parts: readonly CommittedPart[]; readonly state: MergeState },
): void {
  const { begun, sizes } = known.state;
  if (begun.source === source || sizes.size === 0) return;
  if (known.parts.some((part) => sizes.has(part.relativePath))) return;
  const parameters = { file, field: 'source', found: source, wanted: begun.source };
  throw new SluiceError('MERGE_SETTINGS_CHANGED', parameters);
}

/** The parts that are not done with. One that is, with another size, goes into quarantine: MERGE_PART_CONFLICT. */
export function unmerged(
  parts: readonly CommittedPart[],
  { sizes }: MergeState,
  quarantine: Quarantine,
): readonly CommittedPart[] {
  return parts.filter((part) => {
    const merged = sizes.get(part.relativePath);
    if (merged === undefined) return true;
    const error = findConflict(part.relativePath, merged, part.size);
    if (error !== undefined) quarantine.put(part, error);
    return false;
  });
}
