import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeProblem, ProducerError } from './producer-errors.ts';
import { publishFile } from './publish-file.ts';

/** How far a production of made-up events has come. */
export interface ProductionState {
  readonly seed: string;
  /** Events that are acknowledged, from the first on without a gap. */
  readonly acked: number;
}

/** The state in a file, or undefined when there is none. Throws STATE_FAILED. */
export async function readProductionState(path: string): Promise<ProductionState | undefined> {
  const file = resolve(path);
  try {
    const { seed, acked } = JSON.parse(await readFile(file, 'utf8'));
    if (typeof seed !== 'string' || !Number.isSafeInteger(acked) || acked < 0) {
      throw new Error('it holds no seed and count');
    }
    return { seed, acked };
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'ENOENT') {
      return undefined;
    }
    throw new ProducerError('STATE_FAILED', { file, problem: describeProblem(caught) });
  }
}

/** Replaces the state; it is on the disk when this resolves. Throws STATE_FAILED. */
export async function writeProductionState(path: string, state: ProductionState): Promise<void> {
  const file = resolve(path);
  const temporary = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, 'wx');
    await handle.writeFile(`${JSON.stringify(state)}\n`);
    await publishFile(handle, temporary, file);
  } catch (caught) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ProducerError('STATE_FAILED', { file, problem: describeProblem(caught) });
  }
}
