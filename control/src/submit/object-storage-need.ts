import { SluiceError } from '../errors/sluice-error.ts';
import { listFields } from '../kinds/field.ts';
import { kindRegistry } from '../kinds/kind-registry.ts';
import type { Pipeline } from '../spec/pipeline.ts';
import { isObjectPath, resolvePlace } from '../storage/place.ts';
import type { Target } from '../target.ts';

/** A path that the job itself reads or writes. */
interface JobPlace {
  /** As messages name it: `sink.csv.path`. */
  readonly field: string;
  readonly place: string;
}

/**
 * Whether a job reads or writes in buckets. Throws TARGET_PATH when it would read or write on this machine and
 * runs elsewhere.
 */
export function needsObjectStorage(
  pipeline: Pick<Pipeline, 'source' | 'sink'>,
  at: { readonly target: Target; readonly workFolder: string },
): boolean {
  const places = listJobPlaces(pipeline, at.workFolder);
  if (at.target !== 'glue') return places.some(({ place }) => isObjectPath(place));
  const local = places.find(({ place }) => !isObjectPath(place));
  if (local !== undefined) throw new SluiceError('TARGET_PATH', { ...local });
  return true;
}

function listJobPlaces(
  { source, sink }: Pick<Pipeline, 'source' | 'sink'>,
  workFolder: string,
): readonly JobPlace[] {
  return (
    [
      ['source', source],
      ['sink', sink],
    ] as const
  ).flatMap(([role, { kind, config }]) =>
    pathFields(role, kind).flatMap((name) => {
      const path = (config as Readonly<Record<string, unknown>>)[name];
      const field = `${role}.${kind}.${name}`;
      return typeof path === 'string' ? [{ field, place: resolvePlace(path, workFolder) }] : [];
    }),
  );
}

function pathFields(role: 'source' | 'sink', kind: string): readonly string[] {
  const schema = kindRegistry[role].get(kind)?.schema;
  return schema === undefined
    ? []
    : listFields(schema).flatMap(({ name, mark }) => (mark === 'path' ? [name] : []));
}
