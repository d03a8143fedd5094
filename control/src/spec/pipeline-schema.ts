import { type TSchema, Type } from 'typebox';
import type { Kind } from '../kinds/define-kind.ts';
import { markKeyword } from '../kinds/field.ts';
import { kindRegistry } from '../kinds/kind-registry.ts';
import { pipelineShape } from './pipeline-spec.ts';

/**
 * The JSON Schema of a whole spec with all kinds inside, for editors, `sluice schema` and the documentation.
 * Draft 7, because the YAML servers of editors know it best (github.com/redhat-developer/yaml-language-server).
 */
export function pipelineSchema(): Readonly<Record<string, unknown>> {
  const shape = pipelineShape({
    source: choice(kindRegistry.source, 'Where events come from.'),
    decode: choice(kindRegistry.decoder, 'How the bytes of an event become columns.'),
    transform: choice(kindRegistry.transform, 'One step between source and sink.'),
    sink: choice(kindRegistry.sink, 'Where rows go.'),
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sluice pipeline',
    ...(forEditors(shape) as Record<string, unknown>),
  };
}

function choice(kinds: ReadonlyMap<string, Kind>, description: string): TSchema {
  const branches = [...kinds.values()].map(({ name, summary, schema }) =>
    Type.Object(
      { [name]: describe(schema, summary) },
      { additionalProperties: false, title: name },
    ),
  );
  return Type.Unsafe({ description, oneOf: branches });
}

function describe(schema: TSchema, description: string): TSchema {
  return { ...schema, description };
}

/** The forms that lint checks by rules, because a rule says more than "does not match". */
const patterns: Readonly<Record<string, string>> = {
  duration: '^[0-9]+ (millisecond|second|minute|hour)s?$',
  name: '^[a-z][a-z0-9-]{0,62}$',
};

/** Plain JSON in which our own marks have become patterns. */
function forEditors(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(forEditors);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const { [markKeyword]: mark, ...rest } = schema as Readonly<Record<string, unknown>>;
  const pattern = patterns[String(mark)];
  const fields = Object.entries(rest).map(([name, value]) => [name, forEditors(value)] as const);
  return { ...Object.fromEntries(fields), ...(pattern === undefined ? {} : { pattern }) };
}
