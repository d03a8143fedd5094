import { createHash } from 'node:crypto';
import { SluiceError } from '../errors/sluice-error.ts';
import { joinPlace } from '../storage/place.ts';
import type { Storage } from '../storage/storage.ts';

const mostTries = 3;

/**
 * Where the script of a pipeline lies: named by what is in it, so that a run that goes on keeps its own, and an
 * upload that was torn is never taken for another script.
 */
export function scriptPlace(workFolder: string, pipeline: string, script: Uint8Array): string {
  const name = createHash('sha256').update(script).digest('hex').slice(0, 16);
  return joinPlace(workFolder, 'sluice', 'jobs', pipeline, `${name}.py`);
}

/**
 * Puts a script there, and reads it again before anybody may run it: what came over torn is put again. Throws
 * SCRIPT_TORN and what the storage throws.
 */
export async function uploadScript(
  storage: Storage,
  script: string,
  bytes: Uint8Array,
): Promise<void> {
  if (await isThere(storage, script, bytes)) return;
  for (let tries = 0; tries < mostTries; tries += 1) {
    await storage.replace(script, bytes);
    if (await isThere(storage, script, bytes)) return;
  }
  throw new SluiceError('SCRIPT_TORN', { script, tries: mostTries });
}

/** Compares the bytes and not a checksum, which says less and which not every store keeps. */
async function isThere(storage: Storage, script: string, bytes: Uint8Array): Promise<boolean> {
  const found = await storage.read(script, bytes.length + 1);
  return found?.equals(bytes) ?? false;
}
