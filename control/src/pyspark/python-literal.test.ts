// biome-ignore-all lint/suspicious/noTemplateCurlyInString: some of the hostile texts look like templates
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PythonValue,
  pythonLiteral,
  textInComment,
  textInTripleQuotes,
} from './python-literal.ts';

/** What Python makes of expressions: texts as lists of UTF-16 units, so that half pairs survive the way back. */
function evaluate(expressions: readonly string[]): readonly unknown[] {
  const program = `
import ast, json, sys
def units(value):
    if isinstance(value, str):
        data = value.encode("utf-16-le", "surrogatepass")
        return [int.from_bytes(data[at:at + 2], "little") for at in range(0, len(data), 2)]
    return [units(item) for item in value] if isinstance(value, list) else value
print(json.dumps([units(ast.literal_eval(text)) for text in json.load(sys.stdin)]))`;
  const input = JSON.stringify(expressions);
  return JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }));
}

function toUnits(value: PythonValue): unknown {
  if (typeof value === 'string') {
    return Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
  }
  return Array.isArray(value) ? value.map(toUnits) : value;
}

const hostileTexts = [
  '',
  'plain',
  '"',
  "'",
  '\'"',
  '"""',
  '\\',
  '\\"',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '{x}',
  '{{',
  '${HOME}',
  '%s',
  '#',
  '\u2028\u2029\u0085',
  '\ufeff',
  '\u202e',
  'é',
  '😀',
  '\ud83d',
  '\ude00\ud83d',
  '\\N{BULLET}',
  '"); import os; os.system("true") #',
];

describe('pythonLiteral', () => {
  it('gives text that Python reads back as the same value, whatever is in it', () => {
    expect(evaluate(hostileTexts.map(pythonLiteral))).toEqual(hostileTexts.map(toUnits));
  });

  it('does so for random values, and always in printable ASCII on one line', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    const value = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.array(text));
    const values = fc.sample(value, 3000);
    const literals = values.map(pythonLiteral);
    expect(literals.filter((literal) => !/^[ -~]*$/.test(literal))).toEqual([]);
    expect(evaluate(literals)).toEqual(values.map(toUnits));
  });

  it('keeps numbers exact', () => {
    expect([0.1, -0, 1e21, 5e-324, 2 ** 53].map(pythonLiteral)).toEqual([
      '0.1',
      '-0.0',
      '1e+21',
      '5e-324',
      '9007199254740992',
    ]);
  });

  it('refuses numbers that Python has no literal for', () => {
    expect(() => pythonLiteral(Number.NaN)).toThrow(/no Python literal/);
  });

  it('writes a text with double quotes inside single ones, as a person would', () => {
    expect(pythonLiteral('say "hi"')).toBe(`'say "hi"'`);
  });
});

describe('textInTripleQuotes', () => {
  it('cannot end the literal it stands in', () => {
    const literals = hostileTexts.map((text) => `"""${textInTripleQuotes(text)}"""`);
    expect(evaluate(literals)).toEqual(hostileTexts.map(toUnits));
  });
});

describe('textInComment', () => {
  it('stays on its line and in plain sight', () => {
    expect(hostileTexts.map(textInComment).filter((text) => !/^[ -~]*$/.test(text))).toEqual([]);
  });
});
