import { SluiceError } from '../errors/sluice-error.ts';
import type { EmitContext, Kind, KindCode, TransformCode } from '../kinds/define-kind.ts';
import { kindRegistry } from '../kinds/kind-registry.ts';
import type { Column } from '../pyspark/spark-type.ts';
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
  const { source, decode, sink } = pipeline;
  const { transforms, columns } = emitTransforms(pipeline);
  return {
    source: find(kindRegistry.source, source).emit(source.config),
    decode: decode && find(kindRegistry.decoder, decode).emit(decode.config),
    transforms,
    sink: find(kindRegistry.sink, sink).emit(sink.config, contextOf(pipeline, columns)),
  };
}

interface TransformsCode {
  readonly transforms: readonly TransformCode[];
  /** Those behind the last transform. */
  readonly columns: readonly Column[];
}

/** Each transform sees the columns that those before it leave, as lint followed them. */
function emitTransforms(pipeline: Pipeline): TransformsCode {
  let columns = firstColumns(pipeline);
  const transforms = pipeline.transforms.map((use) => {
    const kind = find(kindRegistry.transform, use);
    const code = kind.emit(use.config, contextOf(pipeline, columns));
    columns = kind.check(use.config, columns).columns ?? [];
    return code;
  });
  return { transforms, columns };
}

function firstColumns({ source, decode }: Pipeline): readonly Column[] {
  const after =
    decode === undefined
      ? find(kindRegistry.source, source).check(source.config)
      : find(kindRegistry.decoder, decode).check(decode.config);
  return after.columns ?? [];
}

function contextOf({ decode }: Pipeline, columns: readonly Column[]): EmitContext {
  return { deadLetters: decode !== undefined, columns };
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
