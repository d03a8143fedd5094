// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like templates
import { expect, it } from 'vitest';
import { knownText, parseReference, pythonText } from './environment-reference.ts';

it.each([
  ['${A}', { name: 'A' }],
  ['${A_1:-}', { name: 'A_1', fallback: '' }],
  ['${KAFKA_SERVERS:-localhost:9092}', { name: 'KAFKA_SERVERS', fallback: 'localhost:9092' }],
])('reads %s', (text, reference) => {
  expect(parseReference(text)).toEqual(reference);
});

it.each(['$A', '${}', '${a}', '${A', 'x${A}', '${A}x', '${A-b}', '${A:-${B}}'])(
  'does not take %s for a reference',
  (text) => {
    expect(parseReference(text)).toBeUndefined();
  },
);

it('knows a text, or the default of a reference, before the job starts', () => {
  expect(['x', '${A:-y}', '${A}'].map(knownText)).toEqual(['x', 'y', undefined]);
});

it('prints the Python that reads the variable when the job starts', () => {
  expect(['x', '${A:-"y"}', '${A}'].map(pythonText)).toEqual([
    '"x"',
    `os.environ.get("A", '"y"')`,
    'os.environ["A"]',
  ]);
});
