import type { Kind } from '../kinds/define-kind.ts';
import type { SchemaFacts } from '../kinds/describe-schema.ts';
import { listFields } from '../kinds/field.ts';
import { normalisePath } from '../kinds/normalise-path.ts';
import { parseReference } from '../pyspark/environment-reference.ts';
import { hashOf } from '../spec/canonical-json.ts';
import { defaultDeadLettersPath } from '../spec/default-paths.ts';
import { parseDuration } from '../spec/duration.ts';
import type { KindUse, Pipeline } from '../spec/pipeline.ts';
import type { PipelineSpec } from '../spec/pipeline-spec.ts';
import { followColumns } from './follow-columns.ts';
import type { CheckedUse, LintContext } from './lint-context.ts';

/** The pipeline of a spec without errors; undefined when a part is missing after all. */
export function buildPipeline(context: LintContext, spec: PipelineSpec): Pipeline | undefined {
  const { name, source, decode, transforms, sink } = context;
  const { columns } = followColumns(context);
  if (!name || !source || !decode || !transforms || !sink || !columns) {
    return undefined;
  }
  const facts = {
    name,
    source: toUse(source),
    ...(decode === 'absent' ? {} : { decode: toUse(decode) }),
    transforms: transforms.map(toUse),
    sink: toUse(sink),
    ...clausesOf(spec, sink, decode !== 'absent'),
  };
  return deepFreeze({
    ...facts,
    hash: hashOf({ ...facts, transforms: transforms.map(toOrderedUse) }),
    columns: columns.map((column) => column.name),
    environment: environmentOf(context),
    ...restartOf(spec),
    targets: spec.targets,
  });
}

/** No part of the hash: it changes nothing in the job. */
function restartOf({ restart }: PipelineSpec): Pick<Pipeline, 'restart'> {
  if (restart === undefined) return {};
  return { restart: { onFailure: restart['on-failure'], withinMs: msOf(restart.within) } };
}

type Clauses = Pick<Pipeline, 'sinkPath' | 'triggerMs' | 'merge' | 'deadLetters'>;

function clausesOf(spec: PipelineSpec, sink: CheckedUse<Kind>, decodes: boolean): Clauses {
  const { merge, trigger } = spec;
  const path = pathOf(sink);
  const deadLetters =
    spec['dead-letters']?.into ?? (path && decodes && defaultDeadLettersPath(path));
  return {
    ...(path === undefined ? {} : { sinkPath: normalisePath(path) }),
    triggerMs: msOf(trigger),
    ...(merge === undefined
      ? {}
      : {
          merge: {
            into: normalisePath(merge.into),
            header: merge.header,
            everyMs: msOf(merge.every),
          },
        }),
    ...(deadLetters ? { deadLetters: { into: normalisePath(deadLetters) } } : {}),
  };
}

/** Paths are normalised, so that two ways of writing one place make one pipeline. */
function toUse({ kind, config }: CheckedUse<Kind>): KindUse {
  if (typeof config !== 'object' || Array.isArray(config)) {
    return { kind: kind.name, config };
  }
  const settings = { ...(config as Record<string, unknown>) };
  for (const { name, mark } of listFields(kind.schema)) {
    const value = settings[name];
    if (mark === 'path' && typeof value === 'string') {
      settings[name] = normalisePath(value);
    }
  }
  return { kind: kind.name, config: settings };
}

/** Names that the user chose (of `compute`) have an order that counts, but that the canonical JSON would forget. */
function toOrderedUse(use: CheckedUse<Kind>): KindUse {
  const { properties, type } = use.kind.schema as SchemaFacts;
  const { kind, config } = toUse(use);
  return type === 'object' && properties === undefined
    ? { kind, config: Object.entries(config as object) }
    : { kind, config };
}

/** A sink that keeps parts has a `path`; the contract test of kinds holds it to that. */
function pathOf({ config }: CheckedUse<Kind>): string | undefined {
  return (config as { readonly path?: string }).path;
}

/** The rule `durations` has seen the text before. */
function msOf(text: string): number {
  return parseDuration(text) ?? 0;
}

function environmentOf(context: LintContext): Pipeline['environment'] {
  const references = context.texts
    .filter(({ mark }) => mark === 'environment')
    .flatMap(({ text }) => parseReference(text) ?? []);
  return [...new Map(references.map((reference) => [reference.name, reference])).values()];
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) {
      deepFreeze(inner);
    }
  }
  return value;
}
