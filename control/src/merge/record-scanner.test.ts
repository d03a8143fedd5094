import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countByte } from './count-byte.ts';
import { encodeHeader, jsonLines, type RecordDialect, rfc4180 } from './record-dialect.ts';
import { RecordScanner } from './record-scanner.ts';

const backslash: RecordDialect = { ...rfc4180, escape: 'backslash' };

function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

function countAll(bytes: Buffer, size: number, dialect = rfc4180): RecordScanner {
  const scanner = new RecordScanner(dialect);
  for (const chunk of chunksOf(bytes, size)) scanner.count(chunk);
  return scanner;
}

function endsOf(bytes: Buffer, size: number, dialect = rfc4180): number[] {
  const scanner = new RecordScanner(dialect);
  const ends: number[] = [];
  let offset = 0;
  for (const chunk of chunksOf(bytes, size)) {
    for (let end = scanner.nextEnd(chunk, 0); end >= 0; end = scanner.nextEnd(chunk, end)) {
      ends.push(offset + end);
      if (end === chunk.length) {
        scanner.nextEnd(chunk, end);
        break;
      }
    }
    offset += chunk.length;
  }
  return ends;
}

const awkwardField = fc.string({
  unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '\\', 'é', '🚰', '\0', ' ', '=', '\ufeff'),
  maxLength: 8,
});

function encode(row: readonly string[], ending: string): string {
  const quoted = row.map((field, index) =>
    /[",\r\n]/.test(field) || (field === '' && index === 0)
      ? `"${field.replaceAll('"', '""')}"`
      : field,
  );
  return quoted.join(',') + ending;
}

describe('a record scanner', () => {
  it('finds the same records as csv-parse, whatever the chunks', () => {
    const rows = fc.array(fc.array(awkwardField, { minLength: 1, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        (table, ending, size) => {
          const text = Buffer.from(table.map((row) => encode(row, ending)).join(''));
          const oracle = parse(text, { relax_column_count: true, record_delimiter: ending });
          expect(oracle).toEqual(table);
          const scanner = countAll(text, size);
          expect(scanner.records).toBe(table.length);
          expect(scanner.unfinished).toBe(false);
          expect(scanner.lineEnding.toString()).toBe(ending);
          const lengths = table.map((row) => Buffer.byteLength(encode(row, ending)));
          let end = 0;
          expect(endsOf(text, size)).toEqual(lengths.map((length) => (end += length)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('counts the same in any chunks, also in bytes that are no CSV at all', () => {
    const bytes = fc.array(fc.constantFrom(...Buffer.from('ab",\n\r\\"\n')), { maxLength: 200 });
    const dialects = fc.constantFrom(rfc4180, backslash, jsonLines);
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 17 }), dialects, (values, size, dialect) => {
        const text = Buffer.from(values);
        const whole = countAll(text, 1000, dialect);
        const cut = countAll(text, size, dialect);
        expect([cut.records, cut.unfinished, cut.insideQuotes, cut.lineEnding]).toEqual([
          whole.records,
          whole.unfinished,
          whole.insideQuotes,
          whole.lineEnding,
        ]);
        expect(endsOf(text, size, dialect)).toEqual(endsOf(text, 1000, dialect));
        expect(endsOf(text, size, dialect)).toHaveLength(whole.records);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes a backslash before a quote as Spark's default dialect means it", () => {
    const text = Buffer.from('"say \\"hi\\"\nthere",1\n"ends with \\\\",2\nplain\\,3\n');
    expect(countAll(text, 3, backslash).records).toBe(3);
  });

  it('lets a quote inside an unquoted field be an ordinary byte', () => {
    expect(countAll(Buffer.from('5" pipe,1\n6" pipe,2\n'), 4).records).toBe(2);
  });

  it('takes every line as a record in line mode', () => {
    expect(countAll(Buffer.from('{"raw":"a"}\n"\n\n'), 2, jsonLines).records).toBe(3);
  });

  it('tells an unfinished record and an open quote', () => {
    const open = countAll(Buffer.from('a,b\n"c\n'), 3);
    expect([open.records, open.unfinished, open.insideQuotes]).toEqual([1, true, true]);
    expect(countAll(Buffer.from('a,b\nc'), 3).insideQuotes).toBe(false);
  });

  it.each([1, 5, 64, 1000])('notices a record over the limit in chunks of %i bytes', (size) => {
    const text = Buffer.from(`short\n${'x'.repeat(50)}\n"${'y\n'.repeat(30)}"\nshort\n`);
    const measure = (limit: number) => {
      const scanner = new RecordScanner(rfc4180, limit);
      for (const chunk of chunksOf(text, size)) scanner.count(chunk);
      return scanner.tooLong;
    };
    expect([measure(62), measure(63)]).toEqual([true, false]);
  });
});

describe('countByte', () => {
  it('counts like a plain loop at every alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(9), (bytes, from) => {
        const range = bytes.subarray(from);
        for (const wanted of [0, 10, 127, 128, 255]) {
          const expected = range.filter((byte) => byte === wanted).length;
          expect(countByte(range, wanted)).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('encodeHeader', () => {
  it('quotes names only where needed', () => {
    expect(encodeHeader(['id', 'a,b', 'say "x"', ''], ',').toString()).toBe(
      'id,"a,b","say ""x""",""\n',
    );
  });
});
