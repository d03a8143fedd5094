import { cutTokens } from './cut-tokens.ts';

/** One piece of a schema text. `offset` counts UTF-16 units from the start of the text. */
export interface SchemaToken {
  readonly kind: 'word' | 'quoted' | 'number' | 'mark' | 'wrong' | 'end';
  /** A quoted name without its backticks. */
  readonly text: string;
  readonly offset: number;
}

const pattern = /\s+|`((?:[^`]|``)*)`|(\d+)(?![A-Za-z0-9_])|([A-Za-z0-9_]+)|([<>(),:])|(.)/gsu;

/** Cuts a schema text into tokens; the last one is always `end`. Never throws. */
export function readSchemaTokens(text: string): readonly SchemaToken[] {
  return cutTokens(text, pattern, toToken);
}

function toToken(match: RegExpMatchArray): SchemaToken | undefined {
  const offset = match.index ?? 0;
  const [, quoted, number, word, mark, wrong] = match;
  if (quoted !== undefined) {
    return { kind: 'quoted', text: quoted.replaceAll('``', '`'), offset };
  }
  if (number !== undefined) {
    return { kind: 'number', text: number, offset };
  }
  if (word !== undefined) {
    return { kind: 'word', text: word, offset };
  }
  if (mark !== undefined) {
    return { kind: 'mark', text: mark, offset };
  }
  return wrong === undefined ? undefined : { kind: 'wrong', text: wrong, offset };
}
