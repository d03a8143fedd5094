import { fieldName, type LintRule } from '../lint-context.ts';

/** Line breaks and tabs are allowed: a schema may be written over several lines. */
const forbidden = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

export const plainCharacters: LintRule = ({ texts }) =>
  texts.flatMap(({ path, text }) => {
    const match = forbidden.exec(text);
    if (match === null) {
      return [];
    }
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const parameters = { field: fieldName(path), character: `U+${code}` };
    return [{ rule: 'SPEC_CHARACTER', parameters, path, offset: match.index }];
  });
