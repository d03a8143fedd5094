// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like templates
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const good = `\
pipeline: device-events
source:
  kafka: { servers: localhost:9092, topic: device-data-3 }
decode:
  json:
    schema: |
      id STRING,
      data STRUCT<list: ARRAY<STRUCT<x: INT>>>
    required: [id]
transforms:
  - explode: { column: data.list, as: item }
  - select: [id, item.x]
sink:
  csv: { path: data/events }
trigger: 10 seconds
merge: { into: data/events.csv, every: 1 second }
dead-letters: { into: data/dead.jsonl }
`;

function lint(text: string | Uint8Array): LintResult {
  return lintSpec(text, { roots: [join(folder, 'data')], workFolder: folder });
}

/** The good spec with one part replaced. */
function change(from: string, to: string): string {
  const changed = good.replace(from, () => to);
  return changed === good ? `nothing to change: ${from}` : changed;
}

function summary(text: string | Uint8Array): readonly string[] {
  return lint(text).findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`);
}

describe('a good spec', () => {
  it('gives a pipeline with all defaults filled in', () => {
    const { findings, pipeline } = lint(good);
    expect(findings).toEqual([]);
    expect(pipeline).toMatchObject({
      name: 'device-events',
      source: { kind: 'kafka', config: { from: 'earliest', 'max-events-per-batch': 100_000 } },
      decode: { kind: 'json', config: { 'max-bytes': 1_048_576 } },
      sinkPath: 'data/events',
      triggerMs: 10_000,
      merge: { into: 'data/events.csv', header: true, everyMs: 1000 },
      deadLetters: { into: 'data/dead.jsonl' },
      columns: ['id', 'x'],
      environment: [],
    });
  });

  it('has the same hash in JSON, with comments, in another order, with defaults written out', () => {
    const hash = lint(good).pipeline?.hash;
    const reordered = good.split('\n');
    const trigger = reordered.splice(14, 1);
    const same = [
      `# a comment\n${good}`,
      [...trigger, ...reordered].join('\n'),
      change('every: 1 second', 'header: true'),
      change('path: data/events', 'path: "./data//events/"'),
    ];
    expect(same.map((text) => lint(text).pipeline?.hash)).toEqual(same.map(() => hash));
    expect(lint(change('10 seconds', '11 seconds')).pipeline?.hash).not.toBe(hash);
  });

  it('keeps dead letters beside the sink when it does not say where', () => {
    const { pipeline } = lint(change('dead-letters: { into: data/dead.jsonl }\n', ''));
    expect(pipeline?.deadLetters).toEqual({ into: 'data/events-dead-letters.jsonl' });
  });

  it('is frozen all through', () => {
    const { pipeline } = lint(good);
    expect(Object.isFrozen(pipeline)).toBe(true);
    expect(Object.isFrozen(pipeline?.source.config)).toBe(true);
  });

  it('lists the environment variables that its job reads', () => {
    const text = change('localhost:9092, topic: device-data-3', '"${S:-a:1}", topic: "${T}"');
    expect(lint(text).pipeline?.environment).toEqual([
      { name: 'S', fallback: 'a:1' },
      { name: 'T' },
    ]);
  });

  it('is one even when a variable is not set, which is only warned of', () => {
    const text = change('topic: device-data-3', 'topic: "${T}"');
    const options = { roots: [join(folder, 'data')], workFolder: folder, environment: {} };
    const { findings, pipeline } = lintSpec(text, options);
    expect(findings).toMatchObject([{ rule: 'ENVIRONMENT_UNSET', level: 'warning', line: 3 }]);
    expect(pipeline).toBeDefined();
  });
});

describe('a spec with one thing wrong', () => {
  it.each([
    // Structure
    ['unknown field', change('topic: device', 'topik: x, topic: device'), 'FIELD_UNKNOWN 3:37'],
    ['unknown field at the top', change('trigger', 'triger'), 'FIELD_UNKNOWN 15:1'],
    ['wrong type', change('topic: device-data-3', 'topic: 3'), 'FIELD_TYPE 3:44'],
    ['wrong type of a list', change('[id]', 'id'), 'FIELD_TYPE 9:15'],
    ['wrong type of all', '- a', 'FIELD_TYPE 1:1'],
    ['an empty field', change('topic: device-data-3', 'topic: '), 'FIELD_TYPE 3:45'],
    ['missing part of a kind', change(', topic: device-data-3', ''), 'FIELD_MISSING 3:3'],
    ['unknown kind', change('kafka:', 'kafkaa:'), 'KIND_UNKNOWN 3:3'],
    ['two kinds', change('  csv:', '  console:\n  csv:'), 'KIND_COUNT 14:3'],
    [
      'a kind without settings',
      change('explode: { column: data.list, as: item }', 'explode'),
      'FIELD_TYPE 11:5',
    ],
    ['a value that is not offered', change('topic: d', 'from: now, topic: d'), 'FIELD_VALUE 3:43'],
    [
      'a number out of range',
      change('topic: d', 'max-events-per-batch: 0, topic: d'),
      'FIELD_VALUE 3:59',
    ],
    // Names
    ['a name with dots', change('device-events', '../up'), 'PIPELINE_NAME 1:11'],
    ['a name with a quote', change('device-events', `"a'b"`), 'PIPELINE_NAME 1:11'],
    ['a name with a line break', change('device-events', '"a\\nb"'), 'PIPELINE_NAME 1:11'],
    ['a name with an emoji', change('device-events', 'a😀'), 'PIPELINE_NAME 1:11'],
    ['a name too long', change('device-events', 'a'.repeat(64)), 'PIPELINE_NAME 1:11'],
    ['a topic with a blank', change('device-data-3', '"a b"'), 'TOPIC_NAME 3:44'],
    ['a topic with an emoji', change('device-data-3', 'a😀'), 'TOPIC_NAME 3:44'],
    ['a topic of dots', change('device-data-3', '..'), 'TOPIC_NAME 3:44'],
    ['a topic too long', change('device-data-3', 'a'.repeat(250)), 'TOPIC_NAME 3:44'],
    ['a topic wrong by default', change('device-data-3', '"${T:-a/b}"'), 'TOPIC_NAME 3:44'],
    ['a server without port', change('localhost:9092', 'localhost'), 'SERVERS 3:21'],
    ['a port too high', change('localhost:9092', 'localhost:99999'), 'SERVERS 3:21'],
    ['a character nobody can keep', change('localhost:9092', '"a\\0:1"'), 'SPEC_CHARACTER 3:23'],
    // Durations and the environment
    ['a duration without unit', change('10 seconds', '"10"'), 'DURATION 15:10'],
    ['a duration too short', change('10 seconds', '1 millisecond'), 'DURATION 15:10'],
    ['a merge too seldom', change('1 second', '25 hours'), 'DURATION 16:40'],
    [
      'a reference in a path',
      change('data/events ', '"data/${X}" '),
      'ENVIRONMENT_NOT_ALLOWED 14:16',
    ],
    ['half a reference', change('localhost:9092', '"${HOST}:9092"'), 'ENVIRONMENT_SYNTAX 3:21'],
    // Paths
    ['a path upwards', change('data/events ', '../x '), 'PATH_OUTSIDE 14:16'],
    ['a path up inside', change('data/events ', 'data/a/../b '), 'PATH_OUTSIDE 14:16'],
    ['a path elsewhere', change('data/events ', '/etc/x '), 'PATH_OUTSIDE 14:16'],
    ['a path that is the root', change('data/events ', 'data '), 'PATH_OUTSIDE 14:16'],
    ['a neighbour of the root', change('data/events ', 'data2/x '), 'PATH_OUTSIDE 14:16'],
    ['a link outwards', change('data/events ', 'data/out/x '), 'PATH_OUTSIDE 14:16'],
    ['a link to nowhere', change('data/events ', 'data/dangling '), 'PATH_OUTSIDE 14:16'],
    ['a link to itself', change('data/events ', 'data/loop/x '), 'PATH_OUTSIDE 14:16'],
    ['a backslash', change('data/events ', 'data\\x '), 'PATH_CHARACTERS 14:20'],
    ['coded dots', change('data/events ', 'data/%2E%2e/x '), 'PATH_CHARACTERS 14:21'],
    ['a pattern', change('data/events ', 'data/* '), 'PATH_CHARACTERS 14:21'],
    ['a path on S3', change('data/events ', 's3://b/x '), 'PATH_REMOTE 14:16'],
    ['a path as address', change('data/events ', 'file:///etc/x '), 'PATH_REMOTE 14:16'],
    [
      'a merge into the parts',
      change('data/events.csv', 'data/events/all.csv'),
      'PATH_COLLISION 16:16',
    ],
    ['the same file twice', change('data/dead.jsonl', 'data/./events.csv'), 'PATH_COLLISION 17:23'],
    [
      'the same place by a link',
      change('data/dead.jsonl', 'data/inside/x').replace('data/events.csv', 'data/real/x'),
      'PATH_COLLISION 17:23',
    ],
    // Schema and columns
    ['a type Spark lacks', change('x: INT', 'x: INTT'), 'SCHEMA_SYNTAX 8:41'],
    ['a bracket missing', change('INT>>>', 'INT>>'), 'SCHEMA_SYNTAX 8:46'],
    ['a field twice', change('id STRING', 'id STRING, ID INT'), 'SCHEMA_DUPLICATE 7:18'],
    ['a map without text keys', change('x: INT', 'x: MAP<INT, INT>'), 'SCHEMA_MAP_KEY 6:13'],
    [
      'the column of dead letters',
      change('id STRING', 'id STRING, _dead_letter INT'),
      'COLUMN_NAME 6:13',
    ],
    ['a required field that is not there', change('[id]', '[idd]'), 'COLUMN_UNKNOWN 9:16'],
    ['a column that is not there', change('item.x', 'item.y'), 'COLUMN_UNKNOWN 12:18'],
    ['a field of a plain column', change('item.x', 'id.x'), 'COLUMN_NOT_NESTED 12:18'],
    ['a column path of blanks', change('item.x', '"a b"'), 'COLUMN_PATH 12:18'],
    [
      'a column twice',
      change('[id, item.x]', '[id, { column: item.x, as: ID }]'),
      'COLUMN_DUPLICATE 12:40',
    ],
    ['a new name that is taken', change('as: item', 'as: Data'), 'COLUMN_DUPLICATE 11:39'],
    ['a new name with a line break', change('as: item', 'as: "a\\nb"'), 'COLUMN_NAME 11:39'],
    [
      'an explode of no list',
      change('column: data.list', 'column: data'),
      'EXPLODE_NOT_ARRAY 11:24',
    ],
    ['a struct in a CSV file', change('item.x', 'item'), 'CSV_COLUMN_TYPE 14:8'],
    // The whole
    [
      'a merge without parts',
      change('csv: { path: data/events }', 'console:').replace(/^dead.*\n/m, ''),
      'MERGE_NOT_POSSIBLE 16:1',
    ],
    [
      'no decode',
      good.replace(/^decode:[\s\S]*^transforms:/m, 'transforms:').replace(/^dead.*\n/m, ''),
      'DECODE_MISSING 2:1',
    ],
    [
      'a decode too much',
      change('kafka: { servers: localhost:9092, topic: device-data-3 }', 'rate:'),
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

  it('says what was probably meant', () => {
    const hints = [
      change('item.x', 'itme.x'),
      change('topic: d', 'topci: d'),
      change('csv:', 'cvs:'),
    ].map((text) => lint(text).findings.map(({ hint }) => hint));
    expect(hints.flat()).toEqual(
      expect.arrayContaining(['Did you mean item?', 'Did you mean topic?', 'Did you mean csv?']),
    );
  });

  it('does not follow one wrong step with findings about the next', () => {
    expect(summary(change('column: data.list', 'column: data.lst'))).toEqual([
      'COLUMN_UNKNOWN 11:24',
    ]);
  });
});

describe('a spec with much wrong', () => {
  it('gives all findings, sorted by place', () => {
    const text = change('10 seconds', 'soon')
      .replace('item.x', 'item.y')
      .replace('events\n', 'EVENTS\n');
    expect(summary(text)).toEqual(['PIPELINE_NAME 1:11', 'COLUMN_UNKNOWN 12:18', 'DURATION 15:10']);
  });

  it('shows the first hundred findings and how many more there are', () => {
    const fields = Array.from({ length: 250 }, (_, index) => `unheard-${index}: 1`).join('\n');
    const { findings } = lint(`${good}${fields}\n`);
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)).toMatchObject({
      rule: 'FINDINGS_MORE',
      line: 118,
      message: expect.stringContaining('150'),
    });
  });

  it('shows hostile text without the characters that move a terminal', () => {
    const { findings } = lint(change('device-events', '"\\e[2J\\u202e😀"'));
    const name = findings.find(({ rule }) => rule === 'PIPELINE_NAME');
    expect(name?.message).toContain('"\\u001b[2J\\u202e😀"');
  });

  it('says line and column from 1 and a hint in every finding', () => {
    const { findings } = lint(
      'pipeline: 1\nsource: []\nsink: {}\ntransforms: {}\nmerge: 1\ntrigger: {}',
    );
    expect(findings.map(({ rule }) => rule)).not.toContain('INTERNAL');
    expect(
      findings.filter(({ line, column, hint }) => line < 1 || column < 1 || hint === ''),
    ).toEqual([]);
    expect(findings.map(({ pointer }) => pointer)).toEqual([
      '/pipeline',
      '/source',
      '/sink',
      '/transforms',
      '/merge',
      '/trigger',
    ]);
  });
});
