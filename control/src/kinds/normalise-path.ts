import { posix } from 'node:path';
import { isObjectPath, resolvePlace } from '../storage/place.ts';

/** A path without `.` parts, doubled slashes and a slash at its end; an address of S3 in its usual spelling. */
export function normalisePath(path: string): string {
  if (isObjectPath(path)) return resolvePlace(path, '/');
  const plain = posix.normalize(path);
  return plain.length > 1 ? plain.replace(/\/$/, '') : plain;
}
