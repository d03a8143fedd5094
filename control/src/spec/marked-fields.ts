import type { TSchema } from 'typebox';
import { type FieldMark, markOf } from '../kinds/field.ts';
import type { SpecPath } from './spec-places.ts';

/** A text of a spec and what its schema says about it. */
export interface TextField {
  readonly path: SpecPath;
  readonly text: string;
  readonly mark?: FieldMark;
}

/** The parts of JSON Schema in which fields lie inside each other. */
interface NestedSchema {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

/** All texts below a value, field names left out, with the marks that its schema gives them. */
export function listTexts(
  value: unknown,
  path: SpecPath,
  schema: TSchema | undefined,
): readonly TextField[] {
  if (typeof value === 'string') {
    const mark = schema === undefined ? undefined : markOf(schema);
    return [mark === undefined ? { path, text: value } : { path, text: value, mark }];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { properties = {}, items } = (schema ?? {}) as NestedSchema;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => listTexts(item, [...path, index], items));
  }
  return Object.entries(value).flatMap(([name, field]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return listTexts(field, [...path, name], inner);
  });
}
