import { quoteText, quoteValue } from '../../errors/quote-value.ts';
import { mentionsEnvironment } from '../../pyspark/environment-reference.ts';
import type { TextField } from '../../spec/marked-fields.ts';
import { fieldName, type LintOptions, type LintProblem, type LintRule } from '../lint-context.ts';
import { isInside, placeOnDisk } from '../place-on-disk.ts';

/** Every path must lead below one of the allowed folders, also through the symbolic links that are there. */
export const allowedPaths: LintRule = ({ texts, options }) =>
  texts
    .filter(({ mark, text }) => mark === 'path' && !mentionsEnvironment(text))
    .flatMap((field) => checkPath(field, options));

function checkPath({ path, text }: TextField, options: LintOptions): readonly LintProblem[] {
  const parameters = {
    field: fieldName(path),
    path: quoteText(text),
    example: path.includes('sink') ? 'device-events' : 'device-events.csv',
  };
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    return [{ rule: 'PATH_REMOTE', parameters, path }];
  }
  const wrong = findWrongPart(text);
  if (wrong !== undefined) {
    const { what, offset } = wrong;
    return [{ rule: 'PATH_CHARACTERS', parameters: { ...parameters, what }, path, offset }];
  }
  if (isAllowed(text, options)) {
    return [];
  }
  const roots = options.roots.map(quoteText).join(', ');
  return [{ rule: 'PATH_OUTSIDE', parameters: { ...parameters, roots }, path }];
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
): { readonly what: string; readonly offset: number } | undefined {
  for (const [pattern, name] of wrongParts) {
    const match = pattern.exec(text);
    if (match !== null) {
      const shown = match[0].trim() === '' ? '' : ` (${quoteValue(match[0])})`;
      return { what: name + shown, offset: match.index };
    }
  }
  return undefined;
}

function isAllowed(text: string, { roots, workFolder }: LintOptions): boolean {
  if (text.split('/').includes('..')) {
    return false;
  }
  const place = placeOnDisk(text, workFolder);
  return (
    place !== undefined &&
    roots.some((root) => {
      const realRoot = placeOnDisk(root, workFolder);
      return realRoot !== undefined && place !== realRoot && isInside(place, realRoot);
    })
  );
}
