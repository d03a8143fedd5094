import { apiErrors } from './api-errors.ts';
import { clusterErrors } from './cluster-errors.ts';
import type { ErrorEntry } from './error-entry.ts';
import { generalErrors } from './general-errors.ts';
import { glueErrors } from './glue-errors.ts';
import { mergeErrors } from './merge-errors.ts';
import { runErrors } from './run-errors.ts';
import { specErrors } from './spec-errors.ts';
import { storageErrors } from './storage-errors.ts';

/** Every error Sluice can give, by code. docs/errors.md is printed from here and compared by a test. */
export const catalogue = Object.freeze({
  ...generalErrors,
  ...specErrors,
  ...runErrors,
  ...glueErrors,
  ...mergeErrors,
  ...storageErrors,
  ...clusterErrors,
  ...apiErrors,
});

export type ErrorCode = keyof typeof catalogue;

/** Values for the `{name}` places of an entry's sentences. */
export type ErrorParameters = Readonly<Record<string, string | number>>;

/** The entry of a code, with a plain type. */
export function entryOf(code: ErrorCode): ErrorEntry {
  return catalogue[code];
}

/** Puts parameters into a sentence; a place without a value stays as it is, so that the gap is seen. */
export function fillIn(sentence: string, parameters: ErrorParameters): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : place,
  );
}
