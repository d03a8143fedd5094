import { execFileSync } from 'node:child_process';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../pyspark/schema-ddl.ts';
import type { Column } from '../pyspark/spark-type.ts';
import type { Kind, KindCode, KindExample, TransformCode } from './define-kind.ts';
import { listFields, markKeyword } from './field.ts';
import { kindRegistry } from './kind-registry.ts';

const kinds: readonly Kind[] = Object.values(kindRegistry).flatMap((role) => [...role.values()]);
const uses = kinds.flatMap((kind) =>
  kind.examples.map((example, index) => ({
    kind,
    example,
    title: `${kind.name} example ${index + 1}`,
  })),
);
const ajv = new Ajv({ allErrors: true, useDefaults: true }).addVocabulary([markKeyword]);

function settle(
  kind: Kind,
  config: unknown,
): { readonly isValid: boolean; readonly config: unknown } {
  const copy = structuredClone(config);
  return { isValid: ajv.compile(kind.schema)(copy), config: copy };
}

function columnsOf(ddl: string | undefined): readonly Column[] {
  const reading = readSchema(ddl ?? '');
  return 'columns' in reading ? reading.columns : [];
}

function emit(kind: Kind, example: KindExample, deadLetters: boolean): KindCode | TransformCode {
  const { config } = settle(kind, example.config);
  return kind.role === 'source' || kind.role === 'decoder'
    ? kind.emit(config)
    : kind.emit(config, { deadLetters, columns: columnsOf(example.input) });
}

/** All of a kind's Python as one module, in the places where a job has it. */
function toModule(code: KindCode | TransformCode): string {
  if ('statements' in code) {
    const body = code.statements.join('\n').replaceAll(/^(?=.)/gm, '    ');
    return [
      sessionOf(code),
      ...(code.functions ?? []),
      `def transform(rows):\n${body}\n    return rows`,
    ].join('\n');
  }
  return [code.imports ?? [], code.constants ?? [], sessionOf(code), code.functions]
    .flat()
    .join('\n');
}

function sessionOf(code: KindCode | TransformCode): string {
  return `session = (\n    builder\n${(code.session ?? []).join('\n')}\n)`;
}

describe('every kind', () => {
  it.each(kinds)('$role $name says what it is in a sentence and shows an example', (kind) => {
    expect(kind.summary).toMatch(/^[A-Z].*\.$/);
    expect(kind.examples.length).toBeGreaterThan(0);
  });

  it.each(uses)('$title fits its schema and its columns', ({ kind, example }) => {
    const { isValid, config } = settle(kind, example.config);
    expect(isValid).toBe(true);
    const after =
      kind.role === 'source' || kind.role === 'decoder'
        ? kind.check(config)
        : kind.check(config, columnsOf(example.input));
    const problems = 'length' in after ? after : after.problems;
    expect(problems ?? []).toEqual([]);
  });

  it.each(uses)('$title is refused with an unknown field', ({ kind, example }) => {
    const config = Array.isArray(example.config)
      ? [{ column: 'a', as: 'b', unheard: 1 }]
      : { ...(example.config as object), unheard: 1 };
    expect(settle(kind, config).isValid).toBe(false);
  });

  it.each(uses)('$title emits the same text each time', ({ kind, example }) => {
    const texts = [true, false].map((dead) => [
      toModule(emit(kind, example, dead)),
      toModule(emit(kind, example, dead)),
    ]);
    expect(texts.every(([first, second]) => first === second)).toBe(true);
  });

  it.each(kinds.filter((kind) => kind.role === 'sink' && kind.keepsParts))(
    '$name keeps parts, so it has a path that is checked',
    (kind) => {
      expect(listFields(kind.schema)).toContainEqual({ name: 'path', mark: 'path' });
    },
  );

  it('emits Python that compiles, in lines of at most 100 columns', () => {
    const modules = uses.flatMap(({ kind, example }) =>
      [true, false].map((dead) => toModule(emit(kind, example, dead))),
    );
    const program = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)';
    execFileSync('python3', ['-c', program], { input: JSON.stringify(modules) });
    expect(modules.flatMap((text) => text.split('\n')).filter((line) => line.length > 100)).toEqual(
      [],
    );
  });
});
