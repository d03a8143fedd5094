import { type TSchema, type TString, Type } from 'typebox';

/**
 * What lint must know about a text field besides its type: `path` is checked against the allowed folders,
 * `environment` may be a `${NAME:-default}`, `duration` is a number with a unit, `name` a pipeline's name.
 */
export type FieldMark = 'path' | 'environment' | 'duration' | 'name';

/** The schema keyword that carries a mark; editors ignore it. */
export const markKeyword = 'x-sluice';

interface FieldOptions {
  readonly default?: string;
  readonly examples?: readonly string[];
}

/** A folder or file below the allowed folders; relative ones start at the work folder. */
export function pathField(description: string, options: FieldOptions = {}): TString {
  return Type.String({ description, minLength: 1, maxLength: 1000, ...marked('path'), ...options });
}

/** A text that may be read from the environment when the job starts. */
export function environmentField(description: string, options: FieldOptions = {}): TString {
  const whole = { minLength: 1, maxLength: 1000, ...marked('environment') };
  return Type.String({ description, ...whole, ...options });
}

/** A whole number and a unit, such as `10 seconds`. */
export function durationField(description: string, options: FieldOptions = {}): TString {
  return Type.String({ description, ...marked('duration'), ...options });
}

/** The name of a pipeline, which names files and addresses too. */
export function nameField(description: string, options: FieldOptions = {}): TString {
  return Type.String({ description, ...marked('name'), ...options });
}

/** A column or a field inside one, such as `data.devices`. */
export function columnField(description: string): TString {
  return Type.String({ description, minLength: 1, maxLength: 1000 });
}

/** An expression over columns. Longer ones are better computed in steps. */
export function expressionField(description: string): TString {
  return Type.String({ description, minLength: 1, maxLength: 2000 });
}

export function markOf(schema: TSchema): FieldMark | undefined {
  return (schema as { readonly [markKeyword]?: FieldMark })[markKeyword];
}

/** The settings of a schema that is a mapping, with their marks. */
export function listFields(
  schema: TSchema,
): readonly { readonly name: string; readonly mark: FieldMark | undefined }[] {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, TSchema>> };
  return Object.entries(properties).map(([name, field]) => ({ name, mark: markOf(field) }));
}

function marked(mark: FieldMark): { readonly [markKeyword]: FieldMark } {
  return { [markKeyword]: mark };
}
