import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kindRegistry, scanKinds } from './kind-registry.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinds-'));
  for (const role of ['source', 'decoder', 'transform', 'sink']) {
    mkdirSync(join(folder, `${role}s`));
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function scan(): ReturnType<typeof scanKinds> {
  return scanKinds(pathToFileURL(`${folder}/`));
}

it('finds the kinds by the files in its folders, sorted by name', () => {
  expect(Object.values(kindRegistry).map((kinds) => [...kinds.keys()])).toEqual([
    ['json-files', 'kafka', 'rate'],
    ['json'],
    ['compute', 'date-part', 'explode', 'filter', 'select', 'to-timestamp'],
    ['console', 'csv'],
  ]);
});

it('takes a new file as a kind, and no test', async () => {
  put('sources/tick.ts', "export default { role: 'source', name: 'tick' };");
  put('sources/tick.test.ts', "throw new Error('not a kind');");
  expect([...(await scan()).source.keys()]).toEqual(['tick']);
});

it.each([
  ["export default { role: 'source', name: 'tock' };", 'exports a kind named tock'],
  ["export default { role: 'sink', name: 'tick' };", 'exports a sink'],
  ["export const tick = { role: 'source', name: 'tick' };", 'has no default export'],
  ['export default null;', 'has no default export'],
])('refuses by name a file with %s', async (text, problem) => {
  put('sources/tick.ts', text);
  await expect(scan()).rejects.toThrow(new RegExp(`sources/tick.ts ${problem}`));
});
