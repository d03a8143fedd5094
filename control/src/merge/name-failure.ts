import { dirname } from 'node:path';
import { SluiceError } from '../errors/sluice-error.ts';
import { type FilePort, isSystemError } from './file-port.ts';

/**
 * Gives a failed file operation its name: MERGE_DISK_FULL or MERGE_IO_FAILED. Errors that have a name, and the end
 * of waiting (AbortError), stay as they are. `needed` is in bytes.
 */
export async function nameFailure(
  error: unknown,
  port: FilePort,
  { file, needed = 0 }: { readonly file: string; readonly needed?: number },
): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof SluiceError || !('syscall' in error)) {
    return error;
  }
  if (isSystemError(error, 'ENOSPC', 'EDQUOT')) {
    const free = await port.freeBytes(dirname(file)).catch(() => 0);
    return new SluiceError('MERGE_DISK_FULL', { file, free, needed }, { cause: error });
  }
  return new SluiceError('MERGE_IO_FAILED', { file, problem: error.message }, { cause: error });
}
