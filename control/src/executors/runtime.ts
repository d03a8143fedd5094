import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { SluiceError } from '../errors/sluice-error.ts';

const runtimeSchema = Type.Object({
  version: Type.Literal(1),
  java: Type.Object({
    command: Type.String(),
    version: Type.String(),
    home: Type.Optional(Type.String()),
  }),
  python: Type.String(),
  spark: Type.Object({
    version: Type.String(),
    home: Type.String(),
    submit: Type.String(),
    jars: Type.Array(Type.String()),
    // Manifests of before there was an AWS part have neither this nor `aws`.
    s3aJars: Type.Array(Type.String(), { default: [] }),
  }),
  classData: Type.Union([
    Type.Null(),
    Type.Object({
      archive: Type.String(),
      javaVersion: Type.String(),
      classPath: Type.Array(Type.String()),
    }),
  ]),
  aws: Type.Union([Type.Null(), Type.Object({ python: Type.String() })], { default: null }),
});

/** What set-up brought: Spark, its Python and jars, and perhaps a class-data archive. Paths are absolute. */
export type Runtime = Readonly<Type.Static<typeof runtimeSchema>>;

/** Reads the manifest that set-up writes last. Throws NOT_SET_UP or RUNTIME_INVALID. */
export function readRuntime(path: string): Runtime {
  const value = Value.Default(runtimeSchema, parse(readText(path), path));
  const [problem] = Value.Errors(runtimeSchema, value);
  if (problem === undefined) return Object.freeze(value as Runtime);
  const text = `${problem.instancePath || 'the whole of it'} ${problem.message}`;
  throw new SluiceError('RUNTIME_INVALID', { path, problem: text });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SluiceError('NOT_SET_UP', { path }, { cause: error });
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SluiceError('RUNTIME_INVALID', { path, problem: 'it is not JSON' }, { cause: error });
  }
}
