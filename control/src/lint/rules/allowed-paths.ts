import { quoteText, quoteValue } from '../../errors/quote-value.ts';
import { mentionsEnvironment } from '../../pyspark/environment-reference.ts';
import type { TextField } from '../../spec/marked-fields.ts';
import { isObjectPath } from '../../storage/place.ts';
import { fieldName, type LintOptions, type LintProblem, type LintRule } from '../lint-context.ts';
import { isInside, placeOfPath } from '../place-of-path.ts';

/** Every path must lead below one of the allowed folders, also through the symbolic links that are there. */
export const allowedPaths: LintRule = ({ texts, options }) =>
  texts
    .filter(({ mark, text }) => mark === 'path' && !mentionsEnvironment(text))
    .flatMap((field) => checkPath(field, options));

function checkPath(field: TextField, options: LintOptions): readonly LintProblem[] {
  const { path, text } = field;
  const parameters = describeField(field);
  const isObject = isObjectPath(text);
  if (!isObject && /^[a-z][a-z0-9+.-]*:/i.test(text)) {
    return [{ rule: 'PATH_REMOTE', parameters, path }];
  }
  const wrong = findWrongPart(text, isObject ? text.indexOf('//') + 2 : 0);
  if (wrong !== undefined) {
    const { what, offset } = wrong;
    return [{ rule: 'PATH_CHARACTERS', parameters: { ...parameters, what }, path, offset }];
  }
  const problem = isObject ? findWrongAddress(text) : undefined;
  if (problem !== undefined) {
    return [{ rule: 'PATH_BUCKET', parameters: { ...parameters, problem }, path }];
  }
  if (isAllowed(text, options)) {
    return [];
  }
  const roots = rootsFor(text, options).map(quoteText).join(', ') || 'none for this kind of path';
  return [{ rule: 'PATH_OUTSIDE', parameters: { ...parameters, roots }, path }];
}

function describeField({ path, text }: TextField) {
  return {
    field: fieldName(path),
    path: quoteText(text),
    example: path.includes('sink') ? 'device-events' : 'device-events.csv',
  };
}

/** Each is read by some layer (Hadoop paths, globs, URLs, Windows, shells) as something else than itself. */
const wrongParts: readonly (readonly [RegExp, string])[] = [
  [/\p{Cc}/u, 'a control character'],
  [/\\/, 'a backslash'],
  [/%(?:2e|2f|5c|00|25)/i, 'a percent code'],
  [/[*?[\]{}]/, 'a pattern character'],
  [/:/, 'a colon'],
  [/^~/, 'a leading ~'],
  [/^\s|\s$/, 'a blank at an end'],
];

function findWrongPart(
  text: string,
  start: number,
): { readonly what: string; readonly offset: number } | undefined {
  const plain = text.slice(start);
  for (const [pattern, name] of wrongParts) {
    const match = pattern.exec(plain);
    if (match !== null) {
      const shown = match[0].trim() === '' ? '' : ` (${quoteValue(match[0])})`;
      return { what: name + shown, offset: start + match.index };
    }
  }
  return undefined;
}

/**
 * What is wrong with an address in a bucket. The names are those that S3 gives today and that Hadoop can use as a
 * host (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
 */
function findWrongAddress(text: string): string | undefined {
  const [bucket = '', ...names] = text.slice(text.indexOf('//') + 2).split('/');
  const isBucket = /^[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9])){1,61}[a-z0-9]$/.test(bucket);
  if (!isBucket || /^\d+(\.\d+){3}$/.test(bucket)) {
    return `the name ${quoteValue(bucket)}, which no bucket can have`;
  }
  if (names.join('') === '') return 'no folder or file in its bucket';
  return names.slice(0, -1).includes('') ? 'two slashes after each other' : undefined;
}

function isAllowed(text: string, options: LintOptions): boolean {
  if (text.split('/').includes('..')) {
    return false;
  }
  const roots = rootsFor(text, options);
  const place = placeOfPath(text, options.workFolder);
  if (isObjectPath(text) && roots.length === 0) return true;
  return (
    place !== undefined &&
    roots.some((root) => {
      const realRoot = placeOfPath(root, options.workFolder);
      return realRoot !== undefined && place !== realRoot && isInside(place, realRoot);
    })
  );
}

/** Those of the allowed places that are of the same sort as a path. */
function rootsFor(text: string, { roots }: LintOptions): readonly string[] {
  return roots.filter((root) => isObjectPath(root) === isObjectPath(text));
}
