import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeProblem, ProducerError } from './producer-errors.ts';
import { publishFile } from './publish-file.ts';

/**
 * What a producer left in a file to go on from, or undefined when there is no file. `take` gives undefined for what is
 * no such state. Throws STATE_FAILED.
 */
export async function readState<State>(
  path: string,
  take: (fields: Readonly<Record<string, unknown>>) => State | undefined,
): Promise<State | undefined> {
  const file = resolve(path);
  try {
    const state = take(Object(JSON.parse(await readFile(file, 'utf8'))));
    if (state === undefined) {
      throw new Error('it holds something else');
    }
    return state;
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'ENOENT') {
      return undefined;
    }
    throw new ProducerError('STATE_FAILED', { file, problem: describeProblem(caught) });
  }
}

/** Replaces the state; it is on the disk when this resolves. Throws STATE_FAILED. */
export async function writeState(
  path: string,
  state: Readonly<Record<string, string | number>>,
): Promise<void> {
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
