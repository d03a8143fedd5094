import { cutTokens } from '../pyspark/cut-tokens.ts';

/** One piece of an expression. `offset` counts UTF-16 units from the start of the text. */
export interface ExpressionToken {
  readonly kind: 'word' | 'quoted' | 'number' | 'text' | 'mark' | 'wrong' | 'end';
  /** Quoted names and texts without their quotes; words as they are written. */
  readonly text: string;
  readonly offset: number;
}

/** Marks of two characters come first. Comments (`--`, `/*`) are `wrong`, so that they are refused by name. */
const pattern =
  /\s+|`((?:[^`]|``)*)`|'((?:[^']|'')*)'|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![A-Za-z0-9_])|([A-Za-z_][A-Za-z0-9_]*)|(--|\/\*|==|&&|\|\|)|(<>|!=|<=|>=|[-+*/%()=<>,.])|(.)/gsu;

/** Cuts an expression into tokens; the last one is always `end`. Never throws. */
export function readExpressionTokens(text: string): readonly ExpressionToken[] {
  return cutTokens(text, pattern, toToken);
}

function toToken(match: RegExpMatchArray): ExpressionToken | undefined {
  const offset = match.index ?? 0;
  const [, quoted, text, number, word, strange, mark, wrong] = match;
  if (quoted !== undefined) {
    return { kind: 'quoted', text: quoted.replaceAll('``', '`'), offset };
  }
  if (text !== undefined) {
    return { kind: 'text', text: text.replaceAll("''", "'"), offset };
  }
  return plainToken({ number, word, mark, wrong: strange ?? wrong }, offset);
}

function plainToken(
  kinds: Readonly<Record<'number' | 'word' | 'mark' | 'wrong', string | undefined>>,
  offset: number,
): ExpressionToken | undefined {
  for (const kind of ['number', 'word', 'mark', 'wrong'] as const) {
    const text = kinds[kind];
    if (text !== undefined) {
      return { kind, text, offset };
    }
  }
  return undefined;
}
