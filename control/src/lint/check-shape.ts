import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { describeValue, quoteText } from '../errors/quote-value.ts';
import { describeDemand, type SchemaFacts } from '../kinds/describe-schema.ts';
import { markKeyword } from '../kinds/field.ts';
import { suggestName } from '../kinds/nearest-name.ts';
import type { SpecPath } from '../spec/spec-places.ts';
import { fieldName, type LintProblem } from './lint-context.ts';

export interface ShapeResult {
  /** A copy of the value with defaults filled in. */
  readonly value: unknown;
  readonly problems: readonly LintProblem[];
}

const ajv = new Ajv({
  allErrors: true,
  useDefaults: true,
  ownProperties: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
}).addVocabulary([markKeyword]);
const compiled = new WeakMap<TSchema, ValidateFunction>();

/** Checks a value of the spec against a schema; `path` is where the value stands. */
export function checkShape(schema: TSchema, given: unknown, path: SpecPath): ShapeResult {
  const value = structuredClone(given);
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) {
    return { value, problems: [] };
  }
  const errors = settleChoices(validate.errors ?? []);
  return { value, problems: errors.map((error) => toProblem(error, path)) };
}

/**
 * A value that fits no branch of an `anyOf` gives the errors of all branches. Kept are those of the branch with
 * the value's own type, because there it says what is wrong; if there is none, the choice itself.
 */
function settleChoices(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const dropped = new Set<ErrorObject>();
  for (const choice of errors.filter((error) => error.keyword === 'anyOf')) {
    const branches = choice.schema as readonly SchemaFacts[];
    const own = branches.findIndex((branch) => branch.type === typeName(choice.data));
    const kept = `${choice.schemaPath}/${own}/`;
    const inner = errors.filter((error) => error.schemaPath.startsWith(`${choice.schemaPath}/`));
    const isOfChoice = (error: ErrorObject): boolean =>
      error.instancePath.startsWith(choice.instancePath);
    for (const error of inner.filter(isOfChoice)) {
      if (own === -1 || !error.schemaPath.startsWith(kept)) {
        dropped.add(error);
      }
    }
    if (own !== -1) {
      dropped.add(choice);
    }
  }
  return errors.filter((error) => !dropped.has(error));
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function toProblem(error: ErrorObject, base: SpecPath): LintProblem {
  const path = [...base, ...splitPointer(error.instancePath)];
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(error, path);
    case 'required':
      return missingField(error, path);
    default: {
      const parameters = {
        field: path.length === 0 ? 'The spec' : fieldName(path),
        found: describeFound(error),
        wanted: describeDemand(error.parentSchema as TSchema, error.keyword),
      };
      const isType = error.keyword === 'type' || error.keyword === 'anyOf';
      return { rule: isType ? 'FIELD_TYPE' : 'FIELD_VALUE', parameters, path };
    }
  }
}

function describeFound({ keyword, data }: ErrorObject): string {
  if (keyword === 'maxLength') {
    return `a text of ${Array.from(String(data)).length} characters`;
  }
  const isCount = keyword === 'minItems' || keyword === 'maxItems';
  if (isCount && Array.isArray(data)) {
    return `a list of ${data.length} entries`;
  }
  return keyword === 'uniqueItems' ? 'a list with an entry twice' : describeValue(data);
}

function unknownField(error: ErrorObject, path: SpecPath): LintProblem {
  const name = String(error.params.additionalProperty);
  const fields = Object.keys((error.parentSchema as SchemaFacts).properties ?? {});
  const parameters = {
    place: placeName(path),
    name: quoteText(name),
    fields: fields.length === 0 ? 'none' : fields.join(', '),
    suggestion: fields.length === 0 ? 'Remove it.' : suggestName(name, fields),
  };
  return { rule: 'FIELD_UNKNOWN', parameters, path: [...path, name], at: 'key' };
}

function missingField(error: ErrorObject, path: SpecPath): LintProblem {
  const name = String(error.params.missingProperty);
  const field = (error.parentSchema as SchemaFacts).properties?.[name] as SchemaFacts | undefined;
  const parameters = { place: placeName(path), name, about: field?.description ?? '' };
  return { rule: 'FIELD_MISSING', parameters, path, at: 'key' };
}

/** A field as the subject of a sentence. */
export function placeName(path: SpecPath): string {
  return path.length === 0 ? 'The spec' : fieldName(path);
}

function splitPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
