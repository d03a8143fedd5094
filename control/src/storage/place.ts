import { posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ObjectPlace {
  readonly bucket: string;
  /** Without a slash at its begin or end; empty for the bucket itself. */
  readonly key: string;
}

/** s3, s3a and s3n are spellings of one place: S3's own, and those of Hadoop's old and new connectors. */
const objectPath = /^s3[an]?:\/\/([^/]*)(\/.*)?$/is;

/** Whether a path is the address of an object or of a prefix in a bucket, in any of the spellings. */
export function isObjectPath(path: string): boolean {
  return /^s3[an]?:\/\//i.test(path);
}

/** Cuts `s3://bucket/key`; undefined for any other path. `.`, `..` and doubled slashes of the key are resolved. */
export function parseObjectPath(path: string): ObjectPlace | undefined {
  const match = objectPath.exec(path);
  if (match === null) return undefined;
  const key = posix.normalize(match[2] ?? '/').replace(/^\/|\/$/g, '');
  return { bucket: match[1] ?? '', key };
}

/**
 * The one absolute name of a path of a spec: `s3://bucket/key`, or an absolute path of this machine. A relative
 * path starts at the work folder, which may be either.
 */
export function resolvePlace(path: string, workFolder: string): string {
  if (isObjectPath(path)) return withScheme('s3', path);
  if (/^file:/i.test(path)) return fileURLToPath(path);
  return isObjectPath(workFolder) && !path.startsWith('/')
    ? joinPlace(workFolder, path)
    : resolve(workFolder, path);
}

/** The one absolute name of a path that somebody typed: relative ones start at the working folder. */
export function absolutePlace(path: string): string {
  return resolvePlace(path, process.cwd());
}

/** Puts names behind a place. */
export function joinPlace(place: string, ...names: readonly string[]): string {
  return isObjectPath(place)
    ? withScheme('s3', [place, ...names].join('/'))
    : resolve(place, ...names);
}

/** A place as Spark is to read it: Hadoop's maintained connector has the scheme s3a. */
export function hadoopPath(place: string): string {
  return isObjectPath(place) ? withScheme('s3a', place) : place;
}

function withScheme(scheme: 's3' | 's3a', path: string): string {
  const { bucket, key } = parseObjectPath(path) ?? { bucket: '', key: '' };
  return key === '' ? `${scheme}://${bucket}` : `${scheme}://${bucket}/${key}`;
}
