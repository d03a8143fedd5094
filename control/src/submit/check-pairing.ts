import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import type { Generation } from './run-layout.ts';

/**
 * Refuses to start on a checkpoint without its output or an output without its checkpoint: the one loses rows,
 * the other doubles them. Throws CHECKPOINT_ALONE, OUTPUT_ALONE or CHECKPOINT_BROKEN.
 */
export async function checkPairing({ checkpoint, parts }: Generation): Promise<void> {
  const offsets = await countBatches(join(checkpoint, 'offsets'));
  const commits = await countBatches(join(checkpoint, 'commits'));
  const written = await countBatches(join(parts, '_spark_metadata'));
  const names = { checkpoint, output: parts };
  if (offsets > 0 && !(await isThere(join(checkpoint, 'metadata')))) {
    throw new SluiceError('CHECKPOINT_BROKEN', names);
  }
  // A batch that only has offsets is read again, so nothing is lost with it.
  if (commits > 0 && written === 0) throw new SluiceError('CHECKPOINT_ALONE', names);
  if (written > 0 && offsets === 0) throw new SluiceError('OUTPUT_ALONE', names);
}

/** Spark names its log files by batch number, with `.compact` behind every tenth of the sink log. */
async function countBatches(folder: string): Promise<number> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /^\d+(\.compact)?$/.test(name)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
