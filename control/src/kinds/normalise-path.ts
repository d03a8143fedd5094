import { posix } from 'node:path';

/** A path without `.` parts, doubled slashes and a slash at its end. */
export function normalisePath(path: string): string {
  const plain = posix.normalize(path);
  return plain.length > 1 ? plain.replace(/\/$/, '') : plain;
}
