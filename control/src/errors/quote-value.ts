const longest = 60;

/**
 * A value as findings show it: JSON text, cut when long, with control and direction characters escaped, so
 * that a hostile spec can neither colour nor reorder a terminal's lines.
 */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(typeof value === 'string' ? shorten(value) : value) ?? 'nothing';
  return shorten(text).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, escapeUnit);
}

/** What sort of value it is, in words for people: `the text "x"`, `a list`, `empty`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'an empty list' : 'a list';
  }
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : `the text ${quoteValue(value)}`;
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return String(value);
    default:
      return 'a mapping';
  }
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A name as findings show it: bare when it is a plain word, else quoted. */
export function quoteText(text: string): string {
  return /^[\w.$-]{1,60}$/.test(text) ? text : quoteValue(text);
}
