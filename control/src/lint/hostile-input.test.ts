import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { lintSpec } from './lint-spec.ts';

const options = { roots: ['/data'], workFolder: '/' };

function lintQuietly(text: string | Uint8Array): boolean {
  const { findings, pipeline } = lintSpec(text, options);
  return (pipeline === undefined) === findings.some(({ level }) => level === 'error');
}

const word = fc.constantFrom(
  'pipeline',
  'source',
  'kafka',
  'rate',
  'decode',
  'json',
  'schema',
  'transforms',
  'explode',
  'select',
  'filter',
  'compute',
  'to-timestamp',
  'date-part',
  'json-files',
  'a > 1 and b is null',
  "concat(a, 'x') = '",
  '('.repeat(500),
  'column',
  'as',
  'sink',
  'csv',
  'console',
  'path',
  'merge',
  'into',
  'trigger',
  'a STRING, b ARRAY<INT>',
  '10 seconds',
  '/data/x',
  '__proto__',
  'constructor',
  'toString',
);

/** Trees that come near a spec, so that they get beyond the first check. */
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(word, fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(word, fc.string()), tie('node'), { maxKeys: 3 }),
  ),
})).node;

const slot = fc.oneof(
  tree,
  fc.dictionary(word, fc.dictionary(fc.oneof(word, fc.string()), tree), { maxKeys: 2 }),
);
const spec = fc.record(
  {
    pipeline: fc.oneof(word, tree),
    source: slot,
    decode: slot,
    transforms: fc.oneof(fc.array(slot, { maxLength: 4 }), tree),
    sink: slot,
    trigger: fc.oneof(word, tree),
    merge: tree,
    'dead-letters': tree,
  },
  { requiredKeys: [] },
);

describe('lintSpec answers and never throws', () => {
  it('for random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), lintQuietly), { numRuns: 2000 });
  });

  it('for random marks of YAML', () => {
    const mark = fc.constantFrom(
      ...'[]{}:,-?|>&*!%@`"\'#\\ \n\t~.<'.split(''),
      'a',
      '1',
      '---',
      '...',
    );
    const text = fc.array(mark, { maxLength: 80 }).map((marks) => marks.join(''));
    fc.assert(fc.property(text, lintQuietly), { numRuns: 3000 });
  });

  it('for random JSON trees that come near a spec', () => {
    const text = spec.map((value) => JSON.stringify(value));
    fc.assert(fc.property(text, lintQuietly), { numRuns: 1000 });
  }, 60_000);

  it('for the same as YAML', () => {
    const text = spec.map((value) => stringify(value));
    fc.assert(fc.property(text, lintQuietly), { numRuns: 300 });
  }, 60_000);

  it('for 10 MB of nesting, in milliseconds', () => {
    const start = performance.now();
    expect(lintSpec('{"a":'.repeat(2_000_000), options).findings).toMatchObject([
      { rule: 'SPEC_TOO_LARGE', line: 1, column: 1 },
    ]);
    expect(performance.now() - start).toBeLessThan(50);
  });
});
