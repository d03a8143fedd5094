import { describe, expect, it } from 'vitest';
import { parseColumnPath, printColumnPath, resolveColumn } from './column-path.ts';
import { readSchema } from './schema-ddl.ts';
import { type Column, printType } from './spark-type.ts';

describe('parseColumnPath', () => {
  it.each([
    ['a', ['a']],
    ['data.devices', ['data', 'devices']],
    ['`a.b`.c', ['a.b', 'c']],
    ['a-b.`c d`', ['a-b', 'c d']],
  ])('reads %s', (text, parts) => {
    expect(parseColumnPath(text)).toEqual(parts);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', '`a', '``', 'a b', 'a`b`'])('refuses %j', (text) => {
    expect(parseColumnPath(text)).toBeUndefined();
  });
});

describe('printColumnPath', () => {
  it('puts backticks only where Spark needs them', () => {
    expect(printColumnPath(['data', 'a.b', 'c-d', '*'])).toBe('data.`a.b`.`c-d`.`*`');
  });
});

describe('resolveColumn', () => {
  const columns = columnsOf(
    'id STRING, data STRUCT<list: ARRAY<STRUCT<x: INT>>, tags: MAP<STRING, DOUBLE>>',
  );

  it.each([
    ['id', 'STRING'],
    ['data.list', 'ARRAY<STRUCT<x: INT>>'],
    ['data.list.x', 'ARRAY<INT>'],
    ['data.tags.any', 'DOUBLE'],
  ])('follows %s to %s', (path, type) => {
    const resolution = resolveColumn(columns, path.split('.'));
    expect(resolution.found && printType(resolution.type)).toBe(type);
  });

  it('says how far a path leads and what is there', () => {
    expect(resolveColumn(columns, ['data', 'lisst'])).toEqual({
      found: false,
      at: 1,
      candidates: ['list', 'tags'],
    });
  });

  it('says which type has no fields', () => {
    expect(resolveColumn(columns, ['id', 'x'])).toMatchObject({
      found: false,
      at: 1,
      dead: { name: 'STRING' },
    });
  });
});

function columnsOf(ddl: string): readonly Column[] {
  const reading = readSchema(ddl);
  return 'columns' in reading ? reading.columns : [];
}
