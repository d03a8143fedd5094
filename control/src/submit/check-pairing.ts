import { SluiceError } from '../errors/sluice-error.ts';
import { joinPlace } from '../storage/place.ts';
import type { Storage } from '../storage/storage.ts';
import type { Generation } from './run-layout.ts';

/**
 * Refuses to start on a checkpoint without its output or an output without its checkpoint: the one loses rows,
 * the other doubles them. Throws CHECKPOINT_ALONE, OUTPUT_ALONE or CHECKPOINT_BROKEN, and what the
 * storage throws.
 */
export async function checkPairing(
  { checkpoint, parts }: Generation,
  storage: Storage,
): Promise<void> {
  const countBatches = async (...folder: readonly [string, string]) =>
    (await storage.list(joinPlace(...folder))).filter(isBatch).length;
  const offsets = await countBatches(checkpoint, 'offsets');
  const commits = await countBatches(checkpoint, 'commits');
  const written = await countBatches(parts, '_spark_metadata');
  const names = { checkpoint, output: parts };
  if (offsets > 0 && !(await storage.exists(joinPlace(checkpoint, 'metadata')))) {
    throw new SluiceError('CHECKPOINT_BROKEN', names);
  }
  // A batch that only has offsets is read again, so nothing is lost with it.
  if (commits > 0 && written === 0) throw new SluiceError('CHECKPOINT_ALONE', names);
  if (written > 0 && offsets === 0) throw new SluiceError('OUTPUT_ALONE', names);
}

/** Spark names its log files by batch number, with `.compact` behind every tenth of the sink log. */
function isBatch(name: string): boolean {
  return /^\d+(\.compact)?$/.test(name);
}
