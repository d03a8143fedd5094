import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSchema } from './schema-ddl.ts';
import { printColumns } from './spark-type.ts';

function reprint(text: string): string {
  const reading = readSchema(text);
  return 'columns' in reading ? printColumns(reading.columns) : JSON.stringify(reading.problem);
}

describe('readSchema', () => {
  it.each([
    ['a string', 'a STRING'],
    ['a: long, b Integer', 'a BIGINT, b INT'],
    [
      'a decimal, b DEC(5), c numeric(38,38)',
      'a DECIMAL(10, 0), b DECIMAL(5, 0), c DECIMAL(38, 38)',
    ],
    [
      'data STRUCT<x: ARRAY<STRUCT<y: MAP<STRING,DOUBLE>>>>',
      'data STRUCT<x: ARRAY<STRUCT<y: MAP<STRING, DOUBLE>>>>',
    ],
    ['`odd "name"` STRING', '`odd "name"` STRING'],
    ['\n  a\tSTRING ,\n b  BOOLEAN ', 'a STRING, b BOOLEAN'],
  ])('reads %j and prints it again in one form', (text, printed) => {
    expect(reprint(text)).toBe(printed);
  });

  it.each([
    ['', 0, 'a field name'],
    ['a', 1, 'a type'],
    ['a STRIN', 2, 'a type'],
    ['a STRING b INT', 9, 'a comma'],
    ['a STRING,', 9, 'a field name'],
    ['a ARRAY<STRING', 14, '`>`'],
    ['a ARRAY', 7, '`<`'],
    ['a MAP<STRING>', 12, '`,`'],
    ['a DECIMAL(39)', 10, 'from 1 to 38'],
    ['a DECIMAL(5, 6)', 13, 'from 0 to 5'],
    ['a VARCHAR(10)', 2, 'a type'],
    ['a STRING NOT NULL', 9, 'a comma'],
    ['`a STRING', 0, 'a field name'],
    ['a STRING; DROP', 8, 'a comma'],
    ['12a STRING, 7 INT', 12, 'a field name'],
    ['a STRING,  \n', 9, 'a field name'],
  ])('says where %j is wrong', (text, offset, wanted) => {
    expect(readSchema(text)).toMatchObject({
      problem: { offset, rule: 'SCHEMA_SYNTAX', wanted: expect.stringContaining(wanted) },
    });
  });

  it('finds names that Spark would not tell apart', () => {
    expect(readSchema('a STRUCT<x: INT, X: INT>, A INT')).toMatchObject({
      problem: { offset: 17, rule: 'SCHEMA_DUPLICATE', found: 'X' },
    });
  });

  it('refuses names with line breaks', () => {
    expect(readSchema('`a\nb` INT')).toMatchObject({ problem: { offset: 0, rule: 'COLUMN_NAME' } });
  });

  it('ends early on deep nesting', () => {
    expect(readSchema(`a ${'ARRAY<'.repeat(100_000)}`)).toMatchObject({
      problem: { wanted: expect.stringContaining('32 levels') },
    });
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      'a',
      'STRING',
      'STRUCT',
      'ARRAY',
      'MAP',
      '<',
      '>',
      ',',
      ':',
      '`',
      '(',
      '9',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          readSchema(text);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
