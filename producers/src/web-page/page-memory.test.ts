import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PageMemory } from './page-memory.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-memory-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (limit = 10, fingerprint = 'f') =>
  PageMemory.open({ file: join(folder, 'a', 'quotes.memory'), limit, fingerprint });
const row = (key: string, content = 'c') => ({ key, values: [key, content] });
const url = new URL('https://example.com/');

it('finds rows that are new or have changed, also after it was saved and opened again', async () => {
  const memory = await open();
  memory.remember([row('a'), row('b')]);
  await memory.save();
  const again = await open();
  const rows = [row('a'), row('b', 'other'), row('c')];
  expect(again.findNew(rows)).toEqual(rows.slice(1));
  expect(await readdir(join(folder, 'a'))).toEqual(['quotes.memory']);
});

it('forgets what was not saved', async () => {
  const memory = await open();
  memory.remember([row('a')]);
  expect((await open()).findNew([row('a')])).toHaveLength(1);
});

it('holds no more keys than it may, those seen last', async () => {
  const memory = await open(2);
  memory.remember([row('a'), row('b')]);
  memory.remember([row('a'), row('c')]);
  expect(memory.size).toBe(2);
  expect(memory.findNew([row('a'), row('b'), row('c')]).map(({ key }) => key)).toEqual(['b']);
});

it('does not take values that only look the same together', async () => {
  const memory = await open();
  memory.remember([{ key: 'k', values: ['"a,b"', '"c"'] }]);
  expect(memory.findNew([{ key: 'k', values: ['"a"', '"b,c"'] }])).toHaveLength(1);
});

it('keeps what a server gave to ask with, until rows would come out differently', async () => {
  const memory = await open();
  memory.setValidators(url, { etag: '"x"', next: 'https://example.com/2' });
  await memory.save();
  expect((await open()).validatorsOf(url)).toEqual({ etag: '"x"', next: 'https://example.com/2' });
  expect((await open(10, 'g')).validatorsOf(url)).toBeUndefined();
});

it.each([
  ['cut off', (text: string) => text.slice(0, -30)],
  ['something else', () => 'hello\n'],
  ['of a later version', (text: string) => text.replace('"version":1', '"version":2')],
])(
  'is not begun anew when the file is %s, because that would send everything again',
  async (_title, spoil) => {
    const memory = await open();
    memory.remember([row('a'), row('b')]);
    await memory.save();
    const file = join(folder, 'a', 'quotes.memory');
    await writeFile(file, spoil(await readFile(file, 'utf8')));
    await expect(open()).rejects.toMatchObject({
      code: 'MEMORY_FAILED',
      message: expect.stringContaining(file),
    });
  },
);
