import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mergeMutants } from './merge-mutants.ts';

const folder = join(import.meta.dirname, '../../src/merge');

it.each(mergeMutants)(
  'the mistake that $mistake still fits the code, and its test is there',
  (mutant) => {
    const code = readFileSync(join(folder, mutant.file), 'utf8');
    expect(code.split(mutant.find)).toHaveLength(2);
    expect(readFileSync(join(folder, mutant.test), 'utf8')).toContain(mutant.title);
  },
);
