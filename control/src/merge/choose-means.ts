import { type AwsSettings, readConfig } from '../config.ts';
import { isObjectPath } from '../storage/place.ts';
import { diskFiles } from './disk-files.ts';
import { type MergeMeans, type MergeTuning, usualTuning } from './merge-parts.ts';
import type { MergeOptions } from './merge-settings.ts';
import { ObjectFiles } from './object-files.ts';
import { objectLocks } from './object-locks.ts';
import { placeFiles } from './place-files.ts';

/** Each read is a request, and each commit one that copies the whole merged object. */
const objectTuning: MergeTuning = {
  chunkBytes: 4 << 20,
  commitBytes: 8 * 2 ** 30,
  commitParts: 50_000,
};

/**
 * The disk of a merge, or what stands for it, and sizes that suit it. The client for buckets is loaded only where there
 * is one: most merges never need it.
 */
export async function chooseMeans(
  { directory, further = [], into }: Pick<MergeOptions, 'directory' | 'further' | 'into'>,
  aws: () => AwsSettings = () => readConfig().aws,
): Promise<MergeMeans> {
  const isInBucket = [directory, ...further, into].some(isObjectPath);
  if (!isInBucket) return { port: diskFiles, tuning: usualTuning };
  const { S3Store } = await import('./s3-store.ts');
  const store = new S3Store(aws());
  const objects = new ObjectFiles(store);
  const means = { port: placeFiles(objects), tuning: objectTuning };
  if (!isObjectPath(into)) return means;
  const beginAnew = (path: string) => objects.beginAnew(path);
  return { ...means, locks: objectLocks(store), beginAnew };
}
