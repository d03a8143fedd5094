import type { Family } from './expression-type.ts';

/** What one parameter takes: a family of types, any value, or a literal that is written out. */
export type ParameterForm = Family | 'any' | 'whole-number';

/** What a function gives: a type by name, or the common type of all its parameters. */
export type ResultForm =
  | 'STRING'
  | 'BOOLEAN'
  | 'INT'
  | 'BIGINT'
  | 'DOUBLE'
  | 'DATE'
  | 'TIMESTAMP'
  | 'common';

export interface ListedFunction {
  readonly parameters: readonly ParameterForm[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** The last parameter may be repeated. */
  readonly isOpen?: boolean;
  readonly result: ResultForm;
  /** Its name in pyspark.sql.functions, if that says it all; a method of its first parameter starts with a dot. */
  readonly python?: string;
  readonly meaning: string;
}

function listed(
  form: string,
  result: ResultForm,
  facts: Pick<ListedFunction, 'meaning' | 'python' | 'optional' | 'isOpen'>,
): ListedFunction {
  const parameters = form.split(' ') as readonly ParameterForm[];
  return Object.freeze({ parameters, result, ...facts });
}

/**
 * The functions that an expression may call: those with one meaning on Spark 3.5 to 4.2 that never fail. Anything
 * that reaches outside the row (reflect, java_method, files, the clock, chance) is not here.
 */
export const listedFunctions: ReadonlyMap<string, ListedFunction> = new Map([
  ['upper', listed('text', 'STRING', { python: 'upper', meaning: 'in capitals' })],
  ['lower', listed('text', 'STRING', { python: 'lower', meaning: 'in small letters' })],
  ['trim', listed('text', 'STRING', { python: 'trim', meaning: 'without blanks at both ends' })],
  ['ltrim', listed('text', 'STRING', { python: 'ltrim', meaning: 'without blanks in front' })],
  ['rtrim', listed('text', 'STRING', { python: 'rtrim', meaning: 'without blanks behind' })],
  ['length', listed('text', 'INT', { python: 'length', meaning: 'how many characters' })],
  ['reverse', listed('text', 'STRING', { python: 'reverse', meaning: 'from back to front' })],
  [
    'concat',
    listed('text text', 'STRING', {
      python: 'concat',
      isOpen: true,
      meaning: 'one behind the other; null if one is null',
    }),
  ],
  [
    'substring',
    listed('text whole-number whole-number', 'STRING', {
      python: 'substring',
      meaning: 'from a place (the first is 1) so many characters',
    }),
  ],
  [
    'replace',
    listed('text text text', 'STRING', {
      python: 'replace',
      meaning: 'every second text in the first by the third',
    }),
  ],
  [
    'contains',
    listed('text text', 'BOOLEAN', {
      python: '.contains',
      meaning: 'whether the second is in the first',
    }),
  ],
  [
    'starts_with',
    listed('text text', 'BOOLEAN', {
      python: '.startswith',
      meaning: 'whether the first starts with the second',
    }),
  ],
  [
    'ends_with',
    listed('text text', 'BOOLEAN', {
      python: '.endswith',
      meaning: 'whether the first ends with the second',
    }),
  ],
  ['abs', listed('number', 'common', { meaning: 'without sign' })],
  [
    'round',
    listed('number whole-number', 'common', {
      python: 'round',
      optional: 1,
      meaning: 'to so many digits behind the point (0), halves away from 0',
    }),
  ],
  ['floor', listed('number', 'BIGINT', { python: 'floor', meaning: 'the whole number below' })],
  ['ceil', listed('number', 'BIGINT', { python: 'ceil', meaning: 'the whole number above' })],
  ['sqrt', listed('number', 'DOUBLE', { python: 'sqrt', meaning: 'square root' })],
  [
    'power',
    listed('number number', 'DOUBLE', {
      python: 'pow',
      meaning: 'the first to the power of the second',
    }),
  ],
  [
    'ln',
    listed('number', 'DOUBLE', { python: 'log', meaning: 'natural logarithm; null from 0 down' }),
  ],
  ['exp', listed('number', 'DOUBLE', { python: 'exp', meaning: 'e to the power of it' })],
  ['sign', listed('number', 'DOUBLE', { python: 'signum', meaning: '-1, 0 or 1' })],
  [
    'least',
    listed('any any', 'common', {
      python: 'least',
      isOpen: true,
      meaning: 'the least that is not null',
    }),
  ],
  [
    'greatest',
    listed('any any', 'common', {
      python: 'greatest',
      isOpen: true,
      meaning: 'the greatest that is not null',
    }),
  ],
  [
    'coalesce',
    listed('any any', 'common', {
      python: 'coalesce',
      isOpen: true,
      meaning: 'the first that is not null',
    }),
  ],
  [
    'nullif',
    listed('any any', 'common', { meaning: 'the first, or null if it equals the second' }),
  ],
  [
    'if',
    listed('boolean any any', 'common', {
      meaning: 'the second if the first is true, else the third',
    }),
  ],
  ['year', listed('time', 'INT', { python: 'year', meaning: 'year' })],
  ['month', listed('time', 'INT', { python: 'month', meaning: 'month, 1 to 12' })],
  ['day', listed('time', 'INT', { python: 'dayofmonth', meaning: 'day of the month' })],
  ['hour', listed('time', 'INT', { python: 'hour', meaning: 'hour in UTC' })],
  ['minute', listed('time', 'INT', { python: 'minute', meaning: 'minute' })],
  ['second', listed('time', 'INT', { python: 'second', meaning: 'second' })],
  [
    'to_timestamp',
    listed('text', 'TIMESTAMP', {
      python: 'try_to_timestamp',
      meaning: 'an ISO time; null if it is none',
    }),
  ],
  ['to_date', listed('text', 'DATE', { meaning: 'an ISO date; null if it is none' })],
  [
    'datediff',
    listed('time time', 'INT', {
      python: 'datediff',
      meaning: 'days from the second to the first',
    }),
  ],
]);
