// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like templates
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeSpec, goodSpec } from '../../test/fixtures/good-spec.ts';
import { type LintResult, lintSpec } from './lint-spec.ts';

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lint-')));
  mkdirSync(join(folder, 'data/real'), { recursive: true });
  symlinkSync('/etc', join(folder, 'data/out'));
  symlinkSync('/nowhere/at/all', join(folder, 'data/dangling'));
  symlinkSync('loop', join(folder, 'data/loop'));
  symlinkSync('real', join(folder, 'data/inside'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function lint(text: string | Uint8Array): LintResult {
  return lintSpec(text, { roots: [join(folder, 'data')], workFolder: folder });
}

describe('a spec with one thing wrong', () => {
  it.each([
    // Structure
    ['unknown field', changeSpec('topic: device', 'topik: x, topic: device'), 'FIELD_UNKNOWN 3:37'],
    ['unknown field at the top', changeSpec('trigger', 'triger'), 'FIELD_UNKNOWN 15:1'],
    ['wrong type', changeSpec('topic: device-data-3', 'topic: 3'), 'FIELD_TYPE 3:44'],
    ['wrong type of a list', changeSpec('[id]', 'id'), 'FIELD_TYPE 9:15'],
    ['wrong type of all', '- a', 'FIELD_TYPE 1:1'],
    ['an empty field', changeSpec('topic: device-data-3', 'topic: '), 'FIELD_TYPE 3:45'],
    ['missing part of a kind', changeSpec(', topic: device-data-3', ''), 'FIELD_MISSING 3:3'],
    ['unknown kind', changeSpec('kafka:', 'kafkaa:'), 'KIND_UNKNOWN 3:3'],
    ['two kinds', changeSpec('  csv:', '  console:\n  csv:'), 'KIND_COUNT 14:3'],
    [
      'a kind without settings',
      changeSpec('explode: { column: data.list, as: item }', 'explode'),
      'FIELD_TYPE 11:5',
    ],
    [
      'a value that is not offered',
      changeSpec('topic: d', 'from: now, topic: d'),
      'FIELD_VALUE 3:43',
    ],
    [
      'a number out of range',
      changeSpec('topic: d', 'max-events-per-batch: 0, topic: d'),
      'FIELD_VALUE 3:59',
    ],
    // Names
    ['a name with dots', changeSpec('device-events', '../up'), 'PIPELINE_NAME 1:11'],
    ['a name with a quote', changeSpec('device-events', `"a'b"`), 'PIPELINE_NAME 1:11'],
    ['a name with a line break', changeSpec('device-events', '"a\\nb"'), 'PIPELINE_NAME 1:11'],
    ['a name with an emoji', changeSpec('device-events', 'a😀'), 'PIPELINE_NAME 1:11'],
    ['a name too long', changeSpec('device-events', 'a'.repeat(64)), 'PIPELINE_NAME 1:11'],
    ['a topic with a blank', changeSpec('device-data-3', '"a b"'), 'TOPIC_NAME 3:44'],
    ['a topic with an emoji', changeSpec('device-data-3', 'a😀'), 'TOPIC_NAME 3:44'],
    ['a topic of dots', changeSpec('device-data-3', '..'), 'TOPIC_NAME 3:44'],
    ['a topic too long', changeSpec('device-data-3', 'a'.repeat(250)), 'TOPIC_NAME 3:44'],
    ['a topic wrong by default', changeSpec('device-data-3', '"${T:-a/b}"'), 'TOPIC_NAME 3:44'],
    ['a server without port', changeSpec('localhost:9092', 'localhost'), 'SERVERS 3:21'],
    ['a port too high', changeSpec('localhost:9092', 'localhost:99999'), 'SERVERS 3:21'],
    [
      'a character nobody can keep',
      changeSpec('localhost:9092', '"a\\0:1"'),
      'SPEC_CHARACTER 3:23',
    ],
    // Expressions
    [
      'a filter without end',
      changeSpec('- select', '- filter: "id = "\n  - select'),
      'EXPRESSION_SYNTAX 12:18',
    ],
    [
      'an unknown function in folded text',
      changeSpec('- select', '- filter: >-\n      id is null\n      or reflect(id)\n  - select'),
      'EXPRESSION_FUNCTION 14:10',
    ],
    [
      'a wrong type behind a doubled quote',
      changeSpec('- select', "- compute: { x: 'concat(id, ''y'', item.x)' }\n  - select"),
      'EXPRESSION_TYPE 12:38',
    ],
    [
      'the environment in an expression',
      changeSpec('- select', '- filter: "id = \'${env:HOME}\'"\n  - select'),
      'ENVIRONMENT_NOT_ALLOWED 12:13',
    ],
    // Durations and the environment
    ['a duration without unit', changeSpec('10 seconds', '"10"'), 'DURATION 15:10'],
    ['a duration too short', changeSpec('10 seconds', '1 millisecond'), 'DURATION 15:10'],
    ['a merge too seldom', changeSpec('1 second', '25 hours'), 'DURATION 16:40'],
    [
      'a reference in a path',
      changeSpec('data/events ', '"data/${X}" '),
      'ENVIRONMENT_NOT_ALLOWED 14:16',
    ],
    ['half a reference', changeSpec('localhost:9092', '"${HOST}:9092"'), 'ENVIRONMENT_SYNTAX 3:21'],
    // Paths
    ['a path upwards', changeSpec('data/events ', '../x '), 'PATH_OUTSIDE 14:16'],
    ['a path up inside', changeSpec('data/events ', 'data/a/../b '), 'PATH_OUTSIDE 14:16'],
    ['a path elsewhere', changeSpec('data/events ', '/etc/x '), 'PATH_OUTSIDE 14:16'],
    ['a path that is the root', changeSpec('data/events ', 'data '), 'PATH_OUTSIDE 14:16'],
    ['a neighbour of the root', changeSpec('data/events ', 'data2/x '), 'PATH_OUTSIDE 14:16'],
    ['a link outwards', changeSpec('data/events ', 'data/out/x '), 'PATH_OUTSIDE 14:16'],
    ['a link to nowhere', changeSpec('data/events ', 'data/dangling '), 'PATH_OUTSIDE 14:16'],
    ['a link to itself', changeSpec('data/events ', 'data/loop/x '), 'PATH_OUTSIDE 14:16'],
    ['a backslash', changeSpec('data/events ', 'data\\x '), 'PATH_CHARACTERS 14:20'],
    ['coded dots', changeSpec('data/events ', 'data/%2E%2e/x '), 'PATH_CHARACTERS 14:21'],
    ['a pattern', changeSpec('data/events ', 'data/* '), 'PATH_CHARACTERS 14:21'],
    ['a path on another store', changeSpec('data/events ', 'gs://rows/x '), 'PATH_REMOTE 14:16'],
    ['half an address', changeSpec('data/events ', 's3:/rows/x '), 'PATH_REMOTE 14:16'],
    ['a bucket too short', changeSpec('data/events ', 's3://b/x '), 'PATH_BUCKET 14:16'],
    ['a bucket in capitals', changeSpec('data/events ', 's3a://Rows/x '), 'PATH_BUCKET 14:16'],
    ['a bucket like a host', changeSpec('data/events ', 's3://10.0.0.1/x '), 'PATH_BUCKET 14:16'],
    [
      'keys in an address',
      changeSpec('data/events ', 's3://id:key@rows/x '),
      'PATH_CHARACTERS 14:23',
    ],
    ['a whole bucket', changeSpec('data/events ', 's3://rows/ '), 'PATH_BUCKET 14:16'],
    ['two slashes in a key', changeSpec('data/events ', 's3://rows/a//x '), 'PATH_BUCKET 14:16'],
    ['a key upwards', changeSpec('data/events ', 's3://rows/a/../x '), 'PATH_OUTSIDE 14:16'],
    ['a key as pattern', changeSpec('data/events ', 's3://rows/a* '), 'PATH_CHARACTERS 14:27'],
    [
      'a key with a line break',
      changeSpec('data/events ', '"s3://rows/a\\nb" '),
      'PATH_CHARACTERS 14:28',
    ],
    [
      'one place in a bucket, spelt in two ways',
      changeSpec('data/events ', 's3://rows/a ').replace('data/dead.jsonl', 's3a://rows/./a/dead'),
      'PATH_COLLISION 17:23',
    ],
    ['a path as address', changeSpec('data/events ', 'file:///etc/x '), 'PATH_REMOTE 14:16'],
    [
      'a merge into the parts',
      changeSpec('data/events.csv', 'data/events/all.csv'),
      'PATH_COLLISION 16:16',
    ],
    [
      'the same file twice',
      changeSpec('data/dead.jsonl', 'data/./events.csv'),
      'PATH_COLLISION 17:23',
    ],
    [
      'the same place by a link',
      changeSpec('data/dead.jsonl', 'data/inside/x').replace('data/events.csv', 'data/real/x'),
      'PATH_COLLISION 17:23',
    ],
    // Schema and columns
    ['a type Spark lacks', changeSpec('x: INT', 'x: INTT'), 'SCHEMA_SYNTAX 8:41'],
    ['a bracket missing', changeSpec('INT>>>', 'INT>>'), 'SCHEMA_SYNTAX 8:46'],
    ['a field twice', changeSpec('id STRING', 'id STRING, ID INT'), 'SCHEMA_DUPLICATE 7:18'],
    ['a map without text keys', changeSpec('x: INT', 'x: MAP<INT, INT>'), 'SCHEMA_MAP_KEY 6:13'],
    [
      'the column of dead letters',
      changeSpec('id STRING', 'id STRING, _dead_letter INT'),
      'COLUMN_NAME 6:13',
    ],
    ['a required field that is not there', changeSpec('[id]', '[idd]'), 'COLUMN_UNKNOWN 9:16'],
    ['a column that is not there', changeSpec('item.x', 'item.y'), 'COLUMN_UNKNOWN 12:18'],
    ['a field of a plain column', changeSpec('item.x', 'id.x'), 'COLUMN_NOT_NESTED 12:18'],
    ['a column path of blanks', changeSpec('item.x', '"a b"'), 'COLUMN_PATH 12:18'],
    [
      'a column twice',
      changeSpec('[id, item.x]', '[id, { column: item.x, as: ID }]'),
      'COLUMN_DUPLICATE 12:40',
    ],
    ['a new name that is taken', changeSpec('as: item', 'as: Data'), 'COLUMN_DUPLICATE 11:39'],
    ['a new name with a line break', changeSpec('as: item', 'as: "a\\nb"'), 'COLUMN_NAME 11:39'],
    [
      'an explode of no list',
      changeSpec('column: data.list', 'column: data'),
      'EXPLODE_NOT_ARRAY 11:24',
    ],
    ['a struct in a CSV file', changeSpec('item.x', 'item'), 'CSV_COLUMN_TYPE 14:8'],
    // The whole
    [
      'a merge without parts',
      changeSpec('csv: { path: data/events }', 'console:').replace(/^dead.*\n/m, ''),
      'MERGE_NOT_POSSIBLE 16:1',
    ],
    [
      'no decode',
      goodSpec.replace(/^decode:[\s\S]*^transforms:/m, 'transforms:').replace(/^dead.*\n/m, ''),
      'DECODE_MISSING 2:1',
    ],
    [
      'a decode too much',
      changeSpec('kafka: { servers: localhost:9092, topic: device-data-3 }', 'rate:'),
      'DECODE_NOT_WANTED 4:1',
    ],
  ])('finds %s', (_title, text, finding) => {
    const findings = lint(text).findings;
    const shown = findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`);
    expect(shown).toContain(finding);
    expect(
      findings.filter(({ hint, message }) => hint === '' || /(?<!\$)\{\w+\}/.test(hint + message)),
    ).toEqual([]);
    expect(lint(text).pipeline).toBeUndefined();
  });
});
