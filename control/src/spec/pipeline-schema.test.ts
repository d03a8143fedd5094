import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pipelineSchema } from './pipeline-schema.ts';

const specs = new URL('../../../spark-jobs/specs/', import.meta.url);
const validate = new Ajv({ strict: true }).compile(pipelineSchema());

function sample(): Record<string, unknown> {
  return parse(readFileSync(new URL('device-events.yaml', specs), 'utf8'));
}

describe('the published schema', () => {
  it.each(readdirSync(specs))('takes the sample %s', (file) => {
    const isValid = validate(parse(readFileSync(new URL(file, specs), 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  });

  it.each([
    ['an unknown field', { unheard: 1 }],
    ['two kinds in one place', { sink: { console: {}, csv: { path: 'a' } } }],
    ['an unknown kind', { source: { files: {} } }],
    ['a duration without unit', { trigger: '10' }],
    ['a name in capitals', { pipeline: 'Device' }],
    ['an unknown field of a kind', { source: { rate: { 'rows-per-minute': 1 } } }],
  ])('refuses %s', (_title, part) => {
    expect(validate({ ...sample(), ...part })).toBe(false);
  });

  it('describes every field, for the editor to show', () => {
    expect(fieldsWithoutDescription(pipelineSchema(), '')).toEqual([]);
  });
});

function fieldsWithoutDescription(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  const { properties = {} } = schema as { readonly properties?: Record<string, object> };
  const own = Object.entries(properties)
    .filter(([, field]) => !('description' in field))
    .map(([name]) => `${path}/${name}`);
  const inner = Object.entries(schema).flatMap(([name, value]) =>
    fieldsWithoutDescription(value, `${path}/${name}`),
  );
  return [...own, ...inner];
}
