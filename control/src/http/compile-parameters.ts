import type { TSchema } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { SluiceError } from '../errors/sluice-error.ts';

/**
 * Checks the parameters of a route: defaults are put in and texts become numbers where the schema wants one;
 * unknown parameters are refused and not dropped. Gives PARAMETER_INVALID.
 */
export const compileParameters: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const check = Compile(schema);
  return (value: unknown) => {
    const converted = Value.Convert(schema, Value.Default(schema, value));
    if (check.Check(converted)) return { value: converted };
    const [first] = check.Errors(converted);
    const problem = `${first?.instancePath.slice(1) ?? ''} ${first?.message ?? ''}`.trim();
    return { error: new SluiceError('PARAMETER_INVALID', { problem }) };
  };
};
