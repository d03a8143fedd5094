import { SluiceError } from '../errors/sluice-error.ts';
import type { EmitContext, Kind, KindCode, TransformCode } from '../kinds/define-kind.ts';
import { kindRegistry } from '../kinds/kind-registry.ts';
import type { KindUse, Pipeline } from '../spec/pipeline.ts';

/** What the kinds of a pipeline add to its job. */
export interface KindsCode {
  readonly source: KindCode;
  readonly decode: KindCode | undefined;
  readonly transforms: readonly TransformCode[];
  readonly sink: KindCode;
}

/** Asks each kind of a pipeline for its part of the job. */
export function emitKinds(pipeline: Pipeline): KindsCode {
  const { source, decode, transforms, sink } = pipeline;
  const context: EmitContext = { deadLetters: decode !== undefined };
  return {
    source: find(kindRegistry.source, source).emit(source.config),
    decode: decode && find(kindRegistry.decoder, decode).emit(decode.config),
    transforms: transforms.map((use) =>
      find(kindRegistry.transform, use).emit(use.config, context),
    ),
    sink: find(kindRegistry.sink, sink).emit(sink.config, context),
  };
}

function find<Role extends Kind>(kinds: ReadonlyMap<string, Role>, use: KindUse): Role {
  const kind = kinds.get(use.kind);
  if (kind === undefined) {
    throw new SluiceError('INTERNAL', {
      problem: `the pipeline uses the unknown kind ${use.kind}`,
    });
  }
  return kind;
}
