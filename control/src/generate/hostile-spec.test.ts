// biome-ignore-all lint/suspicious/noTemplateCurlyInString: some of the hostile texts look like templates
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintSpec } from '../lint/lint-spec.ts';
import { generateJob } from './generate-job.ts';

/** The texts of a spec that its author chooses freely. */
interface Choice {
  readonly column: string;
  readonly list: string;
  readonly inner: string;
  readonly element: string;
  readonly renamed: string;
  readonly computed: string;
  readonly text: string;
  readonly path: string;
  readonly servers: string;
}

const benign: Choice = {
  column: 'id',
  list: 'devices',
  inner: 'status',
  element: 'device',
  renamed: 'state',
  computed: 'label',
  text: 'x',
  path: 'out',
  servers: 'host',
};

/** One spec with all kinds of places for names; names that are no plain words stand in backticks. */
function toSpec(choice: Choice, place: string): string {
  const [column, list, inner, element] = [
    choice.column,
    choice.list,
    choice.inner,
    choice.element,
  ].map((name) => `\`${name}\``);
  return JSON.stringify({
    pipeline: 'hostile',
    source: { kafka: { servers: `\${KAFKA:-${choice.servers}:1}`, topic: 'events' } },
    decode: {
      json: {
        schema: `${column} STRING, ${list} ARRAY<STRUCT<${inner}: STRING>>`,
        required: [column],
      },
    },
    transforms: [
      { explode: { column: list, as: choice.element } },
      { filter: `${element}.${inner} != ${quoteText(choice.text)} or ${column} is null` },
      { compute: { [choice.computed]: `concat(${column}, ${quoteText(choice.text)})` } },
      {
        select: [
          column,
          { column: `${element}.${inner}`, as: choice.renamed },
          `\`${choice.computed}\``,
        ],
      },
    ],
    sink: { csv: { path: `${place}/${choice.path}` } },
  });
}

/** A text as an expression has it. */
function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function jobOf(choice: Choice, place: string): string | undefined {
  const { pipeline } = lintSpec(toSpec(choice, place), { roots: ['/w/data'], workFolder: '/w' });
  return pipeline && generateJob(pipeline).text;
}

/** What comes before the part that is the same in all jobs; the rest only costs time to parse. */
function variablePart(text: string): string {
  return text.slice(0, text.indexOf('# The run:'));
}

/** What each text's tree is without its constants, as a hash, and all of these. */
function parseJobs(texts: readonly string[]): readonly Parsed[] {
  const program = `
import ast, hashlib, json, sys
def look(text):
    tree = ast.parse(text)
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
            node.value = ""
    return {"shape": hashlib.sha256(ast.dump(tree).encode()).hexdigest(), "texts": texts}
print(json.dumps([look(text) for text in json.load(sys.stdin)]))`;
  const maxBuffer = 1024 * 1024 * 1024;
  const input = JSON.stringify(texts);
  return JSON.parse(
    execFileSync('python3', ['-c', program], { input, encoding: 'utf8', maxBuffer }),
  );
}

interface Parsed {
  readonly shape: string;
  readonly texts: readonly string[];
}

const attacks = [
  '"',
  "'",
  '"""',
  "'''",
  '\\',
  '\\"',
  '{x}',
  '{{}}',
  '{__import__("os").system("true")}',
  '"); import os; os.system("true") #',
  '\\N{BULLET}',
  '\\x41',
  '#',
  '%s',
  '\u2028',
  '\u2029',
  '\u00a0',
  '\ufeff',
  '\u202e',
  '\ufffe',
  'é',
  '😀',
  '</script>',
  '${HOME}x',
  'a.b',
  'a b',
  '*',
  '.',
  ',',
  '>',
  '<',
  'STRUCT<a: INT>',
  ' ',
];
const name = fc
  .array(
    fc.oneof(
      fc.constantFrom(...attacks),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join('').replaceAll('${', '$ {'));
const plainPath = /[\p{Cc}\p{Cs}\\:*?[\]{}%]|\.\.|^~|^\.$/gu;
const path = name.map((text) => text.trim().replaceAll(plainPath, '_').replaceAll('/', '_') || 'x');
const servers = fc.stringMatching(/^[a-zA-Z0-9.-]{1,20}$/);
const hostile: fc.Arbitrary<Choice> = fc.record({
  column: name,
  list: name,
  inner: name,
  element: name,
  renamed: name,
  computed: name,
  text: name,
  path,
  servers,
});

describe('a job generated from a hostile spec', () => {
  it.each(['data', 's3://rows/data'])(
    'has the form of a benign one and exactly the texts of its spec, with paths in %s',
    (place) => {
      const jobs = fc.sample(hostile, 2000).flatMap((choice) => {
        const text = jobOf(choice, place);
        return text === undefined ? [] : [{ choice, text }];
      });
      // Names with control characters and the like are refused by lint; enough must come through to prove it.
      expect(jobs.length).toBeGreaterThan(1000);

      const texts = [jobOf(benign, place) ?? '', ...jobs.map(({ text }) => text)];
      expect(new Set(texts.map((text) => text.slice(variablePart(text).length))).size).toBe(1);
      const [model, ...parsed] = parseJobs(texts.map(variablePart));
      const strange = jobs.filter((_job, index) => parsed[index]?.shape !== model?.shape);
      expect(strange.slice(0, 3).map(({ choice }) => choice)).toEqual([]);
      const lost = jobs.filter(
        ({ choice }, index) => !holds(parsed[index]?.texts ?? [], choice, place),
      );
      expect(lost.slice(0, 3).map(({ choice }) => choice)).toEqual([]);
    },
    60_000,
  );
});

/** Whether the constants of a job are those of its spec, as Spark must see them. */
function holds(texts: readonly string[], choice: Choice, place: string): boolean {
  const constants = new Set(texts);
  const schema = `\n    ${quote(choice.column)}: STRING,\n    ${quote(choice.list)}: ARRAY<STRUCT<\n        ${quote(choice.inner)}: STRING\n    >>\n`;
  return [
    schema,
    quote(choice.column),
    quote(choice.list),
    choice.element,
    `${quote(choice.element)}.${quote(choice.inner)}`,
    choice.renamed,
    choice.computed,
    choice.text,
    `${place}/${choice.path}`,
    `${choice.servers}:1`,
  ].every((text) => constants.has(text));
}

function quote(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? text : `\`${text}\``;
}
