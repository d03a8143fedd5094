import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readState, writeState } from './state-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-file-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const takeCount = ({ count }: Readonly<Record<string, unknown>>) =>
  typeof count === 'number' ? count : undefined;

it('keeps the last state, in one file', async () => {
  const file = join(folder, 'a', 'state.json');
  expect(await readState(file, takeCount)).toBeUndefined();
  await writeState(file, { count: 1 });
  await writeState(file, { count: 2 });
  expect(await readState(file, takeCount)).toBe(2);
  expect(await readdir(join(folder, 'a'))).toEqual(['state.json']);
});

it.each(['', '{"count":', '{"other":1}', 'null', '5'])(
  'does not begin anew on a file that holds %j',
  async (text) => {
    const file = join(folder, 'state.json');
    await writeFile(file, text);
    await expect(readState(file, takeCount)).rejects.toMatchObject({ code: 'STATE_FAILED' });
  },
);
