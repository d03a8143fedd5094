import type { HouseRule } from './house-rule.ts';
import type { SourceFile } from './source-file.ts';

export const noBarrels: HouseRule = {
  promise: 'a file exports only what it declares',
  breaches: (files) =>
    files.flatMap((file) =>
      file.exports
        .filter((one) => one.passedOn)
        .map((one) => `${file.path} passes on ${one.name}; import it where it is declared`),
    ),
  refused: [
    { 'infra/src/a.ts': "export * from './b.ts';" },
    { 'infra/src/a.ts': "export type { B } from './b.ts';" },
  ],
  accepted: { 'infra/src/a.ts': 'const b = 1; export { b }; export const c = 2;' },
};

export const noDefaultExports: HouseRule = {
  promise: 'only kinds, configurations and test reporters have a default export',
  breaches: (files) =>
    files
      .filter((file) => file.exports.some((one) => one.name === 'default'))
      .filter((file) => !defaultExportPlaces.test(file.path))
      .map((file) => `${file.path} has a default export`),
  refused: [
    { 'infra/src/a.ts': 'export default function a() {}' },
    { 'infra/src/a.ts': 'const a = 1; export { a as default };' },
    { 'control/src/kinds/kind-registry.ts': 'export default {};' },
  ],
  accepted: {
    'control/src/kinds/sources/rate.ts': 'export default {};',
    'vitest.config.ts': 'export default {};',
  },
};

export const errorsComeFromTheCatalogue: HouseRule = {
  promise: 'control makes errors from the catalogue, never a bare Error',
  breaches: (files) =>
    files
      .filter((file) => isProgramOfControl(file) && !file.path.startsWith('control/src/errors/'))
      .flatMap((file) =>
        file.constructed
          .filter((name) => bareErrors.includes(name))
          .map((name) => `${file.path} makes a bare ${name}`),
      ),
  refused: [
    { 'control/src/merge/a.ts': "throw new Error('no');" },
    { 'control/src/merge/a.ts': 'const b = () => new TypeError();' },
  ],
  accepted: {
    'control/src/errors/sluice-error.ts': 'new Error();',
    'control/src/merge/a.ts': "throw new SluiceError('INTERNAL');",
    'control/src/merge/a.test.ts': 'new Error();',
  },
};

export const environmentIsReadOnce: HouseRule = {
  promise: 'in control only config.ts reads the environment of the process',
  breaches: (files) =>
    files
      .filter((file) => isProgramOfControl(file) && file.readsEnvironment)
      .filter((file) => file.path !== 'control/src/config.ts')
      .map((file) => `${file.path} reads process.env`),
  refused: [
    { 'control/src/cli.ts': 'const home = process.env.HOME;' },
    { 'control/src/cli.ts': "spawn('java', { env: { ...process['env'] } });" },
    { 'control/src/cli.ts': "import { env } from 'node:process';" },
  ],
  accepted: {
    'control/src/config.ts': 'process.env.HOME;',
    'control/src/cli.ts': 'process.exitCode = 1; spec.env.HOME;',
  },
};

const defaultExportPlaces =
  /^control\/src\/kinds\/[\w-]+\/[\w-]+\.ts$|\.config\.ts$|^infra\/src\/[\w-]+-reporter\.ts$/;

const bareErrors = ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError'];

function isProgramOfControl(file: SourceFile): boolean {
  return file.path.startsWith('control/src/') && !/\.test\.\w+$/.test(file.path);
}
