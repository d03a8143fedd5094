import { basename } from 'node:path';
import type { HouseRule } from './house-rule.ts';
import type { SourceFile } from './source-file.ts';

/** Words that say where something was put, not what it is. */
const emptyNames = [
  ...['util', 'utils', 'utilities', 'helper', 'helpers', 'common', 'lib', 'libs'],
  ...['misc', 'types', 'base', 'shared', 'index'],
];

export const namesAreAnswers: HouseRule = {
  promise: `no file or folder is called ${emptyNames.join(', ')}`,
  breaches: (files) =>
    files
      .filter((file) => file.path.split('/').some((part) => isEmptyName(part)))
      .map((file) => `${file.path} does not say what it holds`),
  refused: [
    { 'infra/src/utils/a.ts': '' },
    { 'infra/src/types.ts': '' },
    { 'infra/src/time-helpers.test.ts': '' },
  ],
  accepted: { 'infra/src/column-types.ts': '', 'infra/src/base-folder/library.ts': '' },
};

export const testsAreNotNumbered: HouseRule = {
  promise: 'a test file has a name, not a number',
  breaches: (files) =>
    files
      .filter((file) => /[-._]?\d+(\.\w+)?\.test\.\w+$/.test(file.path))
      .map((file) => `${file.path} is numbered`),
  refused: [
    { 'infra/src/merge.2.test.ts': '' },
    { 'control/test/merge-3.test.ts': '' },
    { 'control/test/merge4.kafka.test.ts': '' },
  ],
  accepted: { 'control/test/base64-text.test.ts': '' },
};

export const filesAreNamedAfterTheirExports: HouseRule = {
  promise: 'a file name is in kebab-case and shares a word with the one thing the file exports',
  breaches: (files) => files.flatMap(breachesOfNaming),
  refused: [
    { 'infra/src/broker.ts': 'export function startKafka() {}' },
    { 'infra/src/kafkaBroker.ts': 'export class KafkaBroker {}' },
    { 'infra/src/kafka_broker.ts': 'startBroker();' },
    { 'infra/src/broker.mjs': 'const kafka = 1; export { kafka };' },
  ],
  accepted: {
    'infra/src/kafka-broker.ts': 'export function startKafka() {} export interface Running {}',
    'infra/src/migrations.mjs': 'export function migrate() {}',
    'infra/src/http-api.mjs': 'export const callAPI = 1;',
    'infra/src/demo.ts': 'console.log(1);',
    'infra/src/broker.test.ts': 'export const other = 1;',
    'infra/src/terminal.ts': 'export function say() {} export function paint() {}',
    'control/src/kinds/sources/json-files.ts': 'export default {};',
  },
};

function breachesOfNaming(file: SourceFile): readonly string[] {
  const stem = basename(file.path).replace(/(\.test|\.config)?\.\w+$/, '');
  const isKebab = /^[a-z\d]+([-.][a-z\d]+)*$/.test(stem);
  if (!isKebab) return [`${file.path} is not in kebab-case`];
  const exported = file.exports.filter((one) => one.name !== 'default');
  // A family of things is named after what they have in common; whether that is a good name, no rule can tell.
  if (exported.filter((one) => !one.isType).length !== 1 || isTest(file)) return [];
  const names = exported.map((one) => one.name);
  const words = names.flatMap((name) => kebabCase(name).split('-'));
  const fits = stem.split('-').some((one) => words.some((other) => isSameWord(one, other)));
  return fits ? [] : [`${file.path} exports ${names.join(', ')}`];
}

function isTest(file: SourceFile): boolean {
  return /\.test\.\w+$/.test(file.path);
}

/** Forms of a word count as the word: migrations and migrate, findings and finding. */
function isSameWord(one: string, other: string): boolean {
  const length = Math.max(3, Math.min(one.length, other.length) - 2);
  return one.slice(0, length) === other.slice(0, length);
}

function kebabCase(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

function isEmptyName(part: string): boolean {
  const stem = part.split('.')[0] ?? '';
  return emptyNames.includes(stem) || /(^|-)(utils?|helpers?|misc)$/.test(stem);
}
