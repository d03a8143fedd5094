import { readFileSync } from 'node:fs';
import { SluiceError } from '../errors/sluice-error.ts';

/** A file of the user. Throws FILE_UNREADABLE. */
export function readUserFile(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new SluiceError('FILE_UNREADABLE', { path, problem }, { cause: error });
  }
}
