import { describe, expect, it } from 'vitest';
import { readSpec } from './read-spec.ts';

function summary(input: string | Uint8Array): readonly string[] {
  return readSpec(input).findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`);
}

describe('readSpec', () => {
  it.each([
    ['YAML', 'a: 1\nb: [x, "y"]\n'],
    ['JSON', '{"a": 1, "b": ["x", "y"]}'],
    ['JSON with tabs', '{\n\t"a":\t1,\n\t"b": [\n\t\t"x", "y"\n\t]\n}'],
    ['a byte order mark', '\ufeffa: 1\nb: [x, y]'],
    ['line ends of Windows', 'a: 1\r\nb:\r\n  - x\r\n  - y\r\n'],
  ])('reads %s', (_title, text) => {
    expect(readSpec(text)).toMatchObject({ value: { a: 1, b: ['x', 'y'] }, findings: [] });
  });

  it.each([
    ['a tab as indentation', 'a:\n\tb: 1', ['SPEC_NOT_YAML 2:1']],
    ['a bracket that is not closed', 'a: [1,\n  2', ['SPEC_NOT_YAML 2:4']],
    ['a mapping inside a plain text', 'a: b: c', ['SPEC_NOT_YAML 1:4']],
    ['nothing', '', ['SPEC_EMPTY 1:1']],
    ['only a comment', '# x\n', ['SPEC_EMPTY 1:1']],
    ['null', 'null', ['SPEC_EMPTY 1:1']],
    ['two documents', 'a: 1\n---\nb: 2\n', ['SPEC_SEVERAL_DOCUMENTS 2:1']],
    ['a field twice', 'a: 1\nb:\n  c: 1\n  c: 2\n', ['SPEC_DUPLICATE_KEY 4:3']],
    ['a field twice in JSON', '{"a": 1,\n "a": 2}', ['SPEC_DUPLICATE_KEY 2:2']],
    ['__proto__', 'a: 1\n__proto__: { b: 1 }', ['SPEC_KEY 2:1']],
    ['a number as field name', '1: a', ['SPEC_KEY 1:1']],
    ['a list as field name', '? [a]\n: b', ['SPEC_KEY 1:3']],
    ['a number without end', 'a: 1e999', ['SPEC_NUMBER 1:4']],
    ['no number', 'a: [.nan, -.inf]', ['SPEC_NUMBER 1:5', 'SPEC_NUMBER 1:11']],
    ['a number that loses digits', 'a: 9007199254740993', ['SPEC_NUMBER 1:4']],
    ['an alias', 'a: &x 1\nb: *x', ['SPEC_ALIAS 1:7', 'SPEC_ALIAS 2:4']],
    ['a tag', 'a: !!binary aGk=', ['SPEC_TAG 1:13']],
    ['a tag of somebody', 'a: !x b', ['SPEC_TAG 1:7']],
    ['a directive', '%YAML 1.1\n---\na: yes', ['SPEC_TAG 1:1']],
  ])('says where there is %s', (_title, text, findings) => {
    expect(summary(text)).toEqual(findings);
  });

  it('says where a byte sequence is not UTF-8', () => {
    expect(summary(new Uint8Array([0x61, 0x0a, 0x62, 0xff]))).toEqual(['SPEC_NOT_UTF8 2:2']);
  });

  it('leaves objects without a changed prototype', () => {
    const { value } = readSpec('__proto__: { polluted: true }\nconstructor: 1');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value).toEqual({ constructor: 1 });
  });

  it.each([
    ['10 MB of brackets', '['.repeat(10_000_000), 'SPEC_TOO_LARGE 1:1', 50],
    ['10 MB of bytes', new Uint8Array(10_000_000).fill(0x5b), 'SPEC_TOO_LARGE 1:1', 50],
    ['text whose bytes are too many', 'é'.repeat(140_000), 'SPEC_TOO_LARGE 1:1', 50],
    ['brackets up to the limit', '['.repeat(262_144), 'SPEC_TOO_DEEP 1:67', 200],
    ['list marks up to the limit', '- '.repeat(131_072), 'SPEC_TOO_DEEP 1:132', 200],
    ['question marks up to the limit', '? '.repeat(131_072), 'SPEC_TOO_DEEP 1:132', 200],
    ['fields up to the limit', 'k: 1\n'.repeat(50_000), 'SPEC_TOO_LONG 5715:2', 1000],
  ])('answers %s in time', (_title, text, finding, ms) => {
    const start = performance.now();
    expect(summary(text)).toEqual([finding]);
    expect(performance.now() - start).toBeLessThan(ms);
  });
});

describe('the places of a spec', () => {
  it.each([
    ['a plain text', 's: plain XX'],
    ['double quotes and escapes', 's: "a \\"b\\" \\u00e9 \\U0001f600 XX"'],
    ['single quotes', "s: 'it''s XX'"],
    ['a literal block', 's: |\n  one\n   two XX\n'],
    ['a folded block', 's: >-\n\n  one\n  two XX\n'],
    ['a plain text over lines', 's: one\n  two\n\n  XX'],
    ['a quoted text over lines', 's: "one\n  two \\\n  three XX"'],
    ['JSON', '{"s":\n "a\\n\\tb XX"}'],
  ])('lead to a character inside %s', (_title, text) => {
    const { value, places } = readSpec(text);
    const offset = (value as { readonly s: string }).s.indexOf('XX');
    const { line, column } = places.valueAt(['s'], offset);
    expect(text.split('\n')[line - 1]?.slice(column - 1, column + 1)).toBe('XX');
  });

  it('lead to the nearest field when one is not in the text', () => {
    const { places } = readSpec('a:\n  b: { c: 1 }');
    expect(places.valueAt(['a', 'b', 'x', 'y'])).toMatchObject({ line: 2, column: 6 });
    expect(places.keyAt(['a', 'b', 'x'])).toMatchObject({ line: 2, column: 3, pointer: '/a/b/x' });
  });
});
