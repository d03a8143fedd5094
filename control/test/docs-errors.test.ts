import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { setupErrors } from '../../infra/setup/setup-errors.mjs';
import { demoErrors } from '../../infra/src/demo/demo-errors.ts';
import { producerErrors } from '../../producers/src/producer-errors.ts';
import { catalogue } from '../src/errors/catalogue.ts';
import { printErrors } from '../src/print-errors.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const printed = headingsOf(printErrors());
const codes = [catalogue, setupErrors, producerErrors, demoErrors].flatMap((part) =>
  Object.keys(part),
);

it('prints every code of every catalogue, and no other', () => {
  expect(printed.toSorted()).toEqual(codes.toSorted());
});

it('keeps docs/errors.md as the catalogues say', () => {
  const documented = headingsOf(page);
  const hint = 'run `npm run generate` and commit docs/errors.md';
  expect(without(codes, documented), `not in the page; ${hint}`).toEqual([]);
  expect(without(documented, codes), `in no catalogue; ${hint}`).toEqual([]);
  expect(page, hint).toBe(printErrors());
});

it('says found, wanted and next of every code', () => {
  const entries = page.split(/^### /m).slice(1);
  const lacking = entries.filter((entry) => !/- Found: .*\n(- Wanted: .*\n)?- Next: ./.test(entry));
  expect(lacking).toEqual([]);
});

function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^### (.+)$/gm)].map(([, code = '']) => code);
}

function without(all: readonly string[], known: readonly string[]): readonly string[] {
  return all.filter((code) => !known.includes(code));
}
