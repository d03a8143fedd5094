import type { Kind, TransformKind } from '../kinds/define-kind.ts';
import { kindRegistry } from '../kinds/kind-registry.ts';
import { listTexts, type TextField } from '../spec/marked-fields.ts';
import type { PipelineSpec } from '../spec/pipeline-spec.ts';
import { checkShape } from './check-shape.ts';
import type { CheckedUse, LintContext, LintOptions, LintProblem } from './lint-context.ts';
import { openShape } from './open-shape.ts';
import { type ResolvedUse, resolveKind } from './resolve-kinds.ts';

export interface PartsReading {
  readonly context: LintContext;
  /** The spec with defaults filled in; only right as far as there are no problems. */
  readonly spec: PipelineSpec;
  readonly problems: readonly LintProblem[];
}

/** Checks the shape of the whole, then of each use of a kind, and keeps what is right of it for the rules. */
export function readParts(value: unknown, options: LintOptions): PartsReading {
  const shape = checkShape(openShape, value, []);
  const spec = (isMapping(shape.value) ? shape.value : {}) as unknown as PipelineSpec;
  const kinds = readKinds(spec);
  const name = spec.pipeline;
  const context: LintContext = {
    options,
    name: typeof name === 'string' ? name : undefined,
    ...kinds.uses,
    hasMerge: 'merge' in spec,
    hasDeadLetters: 'dead-letters' in spec,
    texts: [...kinds.texts, ...clauseTexts(spec)],
  };
  return { context, spec, problems: [...shape.problems, ...kinds.problems] };
}

interface KindsReading {
  readonly uses: Pick<LintContext, 'source' | 'decode' | 'transforms' | 'sink'>;
  readonly texts: readonly TextField[];
  readonly problems: readonly LintProblem[];
}

function readKinds(spec: PipelineSpec): KindsReading {
  const source = readSlot(kindRegistry.source, spec, 'source');
  const decode = readSlot(kindRegistry.decoder, spec, 'decode');
  const sink = readSlot(kindRegistry.sink, spec, 'sink');
  const steps = readTransforms(spec.transforms);
  const all: readonly ResolvedUse<Kind>[] = [source, decode, ...steps, sink];
  const right = steps.flatMap(({ use }) => use ?? []);
  const areRight = Array.isArray(spec.transforms) && right.length === steps.length;
  return {
    uses: {
      source: source.use,
      decode: 'decode' in spec ? decode.use : 'absent',
      transforms: areRight ? right : undefined,
      sink: sink.use,
    },
    texts: all.flatMap(({ use }) => (use === undefined ? [] : textsOf(use))),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** A slot that is not there was found missing before, if it must be there. */
function readSlot<Role extends Kind>(
  kinds: ReadonlyMap<string, Role>,
  spec: PipelineSpec,
  slot: 'source' | 'decode' | 'sink',
): ResolvedUse<Role> {
  return slot in spec ? resolveKind(kinds, spec[slot], [slot]) : { problems: [] };
}

function readTransforms(transforms: unknown): readonly ResolvedUse<TransformKind>[] {
  const slots: readonly unknown[] = Array.isArray(transforms) ? transforms : [];
  return slots.map((slot, index) =>
    resolveKind(kindRegistry.transform, slot, ['transforms', index]),
  );
}

function textsOf({ kind, config, path }: CheckedUse<Kind>): readonly TextField[] {
  return listTexts(config, path, kind.schema);
}

/** Texts of the clauses that are no kinds, and of anything whose shape is wrong. */
function clauseTexts(spec: PipelineSpec): readonly TextField[] {
  const { source: _source, decode: _decode, transforms: _transforms, sink: _sink, ...rest } = spec;
  return listTexts(rest, [], openShape);
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
