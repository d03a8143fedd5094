/** What ends every list of tokens. */
interface EndToken {
  readonly kind: 'end';
  readonly text: '';
  readonly offset: number;
}

/**
 * Cuts a text into tokens by a pattern that matches everywhere, in order, with `end` behind the last one. A match
 * that gives no token (white space) is left out. Never throws.
 */
export function cutTokens<Token>(
  text: string,
  pattern: RegExp,
  toToken: (match: RegExpMatchArray) => Token | undefined,
): readonly (Token | EndToken)[] {
  const tokens: (Token | EndToken)[] = [];
  for (const match of text.matchAll(pattern)) {
    const token = toToken(match);
    if (token !== undefined) {
      tokens.push(token);
    }
  }
  tokens.push({ kind: 'end', text: '', offset: text.trimEnd().length });
  return tokens;
}
