// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like templates
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeSpec, goodSpec } from '../../test/fixtures/good-spec.ts';
import { type LintResult, lintSpec } from './lint-spec.ts';

const folder = '/work';

function lint(text: string | Uint8Array): LintResult {
  return lintSpec(text, { roots: [join(folder, 'data')], workFolder: folder });
}

function summary(text: string | Uint8Array): readonly string[] {
  return lint(text).findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`);
}

describe('a good spec', () => {
  it('gives a pipeline with all defaults filled in', () => {
    const { findings, pipeline } = lint(goodSpec);
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

  it('has another hash when computed columns come in another order, for so do the columns of the file', () => {
    const orders = ['{ a: id, b: x }', '{ b: x, a: id }'].map((computed) =>
      lint(goodSpec.replace('sink:', `  - compute: ${computed}\nsink:`)),
    );
    const [first, second] = orders.map(({ pipeline }) => pipeline);
    expect(first?.columns).toEqual(['id', 'x', 'a', 'b']);
    expect(second?.columns).toEqual(['id', 'x', 'b', 'a']);
    expect(first?.hash).not.toBe(second?.hash);
  });

  it('has the same hash in JSON, with comments, in another order, with defaults written out', () => {
    const hash = lint(goodSpec).pipeline?.hash;
    const reordered = goodSpec.split('\n');
    const trigger = reordered.splice(14, 1);
    const same = [
      `# a comment\n${goodSpec}`,
      [...trigger, ...reordered].join('\n'),
      changeSpec('every: 1 second', 'header: true'),
      changeSpec('path: data/events', 'path: "./data//events/"'),
    ];
    expect(same.map((text) => lint(text).pipeline?.hash)).toEqual(same.map(() => hash));
    expect(lint(changeSpec('10 seconds', '11 seconds')).pipeline?.hash).not.toBe(hash);
  });

  it('keeps dead letters beside the sink when it does not say where', () => {
    const { pipeline } = lint(changeSpec('dead-letters: { into: data/dead.jsonl }\n', ''));
    expect(pipeline?.deadLetters).toEqual({ into: 'data/events-dead-letters.jsonl' });
  });

  it('is frozen all through', () => {
    const { pipeline } = lint(goodSpec);
    expect(Object.isFrozen(pipeline)).toBe(true);
    expect(Object.isFrozen(pipeline?.source.config)).toBe(true);
  });

  it('lists the environment variables that its job reads', () => {
    const text = changeSpec('localhost:9092, topic: device-data-3', '"${S:-a:1}", topic: "${T}"');
    expect(lint(text).pipeline?.environment).toEqual([
      { name: 'S', fallback: 'a:1' },
      { name: 'T' },
    ]);
  });

  it('is one even when a variable is not set, which is only warned of', () => {
    const text = changeSpec('topic: device-data-3', 'topic: "${T}"');
    const options = { roots: [join(folder, 'data')], workFolder: folder, environment: {} };
    const { findings, pipeline } = lintSpec(text, options);
    expect(findings).toMatchObject([{ rule: 'ENVIRONMENT_UNSET', level: 'warning', line: 3 }]);
    expect(pipeline).toBeDefined();
  });
});

describe('a finding', () => {
  it('says what was probably meant', () => {
    const hints = [
      changeSpec('item.x', 'itme.x'),
      changeSpec('topic: d', 'topci: d'),
      changeSpec('csv:', 'cvs:'),
    ].map((text) => lint(text).findings.map(({ hint }) => hint));
    expect(hints.flat()).toEqual(
      expect.arrayContaining(['Did you mean item?', 'Did you mean topic?', 'Did you mean csv?']),
    );
  });

  it('does not follow one wrong step with findings about the next', () => {
    expect(summary(changeSpec('column: data.list', 'column: data.lst'))).toEqual([
      'COLUMN_UNKNOWN 11:24',
    ]);
  });
});

describe('a spec with much wrong', () => {
  it('gives all findings, sorted by place', () => {
    const text = changeSpec('10 seconds', 'soon')
      .replace('item.x', 'item.y')
      .replace('events\n', 'EVENTS\n');
    expect(summary(text)).toEqual(['PIPELINE_NAME 1:11', 'COLUMN_UNKNOWN 12:18', 'DURATION 15:10']);
  });

  it('shows the first hundred findings and how many more there are', () => {
    const fields = Array.from({ length: 250 }, (_, index) => `unheard-${index}: 1`).join('\n');
    const { findings } = lint(`${goodSpec}${fields}\n`);
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)).toMatchObject({
      rule: 'FINDINGS_MORE',
      line: 118,
      message: expect.stringContaining('150'),
    });
  });

  it('shows hostile text without the characters that move a terminal', () => {
    const { findings } = lint(changeSpec('device-events', '"\\e[2J\\u202e😀"'));
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
