import { listFields } from '../../kinds/field.ts';
import { kindRegistry } from '../../kinds/kind-registry.ts';
import { mentionsEnvironment, parseReference } from '../../pyspark/environment-reference.ts';
import type { TextField } from '../../spec/marked-fields.ts';
import { fieldName, type LintContext, type LintProblem, type LintRule } from '../lint-context.ts';

/** The fields of kinds that read the environment. */
const openFields = [...kindRegistry.source.values(), ...kindRegistry.sink.values()].flatMap(
  ({ role, name, schema }) =>
    listFields(schema)
      .filter(({ mark }) => mark === 'environment')
      .map((field) => `${role}.${name}.${field.name}`),
);

/** A reference where none is read would reach Spark as it stands; a broken one also. */
export const environmentReferences: LintRule = (context) =>
  context.texts
    .filter(({ text }) => mentionsEnvironment(text))
    .flatMap((field) => checkField(field, context));

function checkField({ path, text, mark }: TextField, context: LintContext): readonly LintProblem[] {
  const field = fieldName(path);
  if (mark !== 'environment') {
    const parameters = { field, fields: openFields.join(', ') };
    return [{ rule: 'ENVIRONMENT_NOT_ALLOWED', parameters, path }];
  }
  const reference = parseReference(text);
  if (reference === undefined) {
    return [{ rule: 'ENVIRONMENT_SYNTAX', parameters: { field }, path }];
  }
  const { environment } = context.options;
  const isSet = environment === undefined || environment[reference.name] !== undefined;
  if (isSet || reference.fallback !== undefined) {
    return [];
  }
  const parameters = { name: reference.name };
  return [{ rule: 'ENVIRONMENT_UNSET', parameters, path, level: 'warning' }];
}
