import type { ErrorCode, ErrorParameters } from '../errors/catalogue.ts';
import { quoteText } from '../errors/quote-value.ts';
import type { ExpressionToken } from './expression-tokens.ts';

/** What is wrong in an expression, and where: `offset` counts UTF-16 units from its start. */
export interface ExpressionProblem {
  readonly rule: ErrorCode;
  readonly parameters: ErrorParameters;
  readonly offset: number;
}

/** Where the descent stands, and how deep. */
export interface ExpressionCursor {
  readonly tokens: readonly ExpressionToken[];
  index: number;
  depth: number;
}

/** Carries the first problem out of parser and translator; caught in translateExpression and nowhere else. */
export class ExpressionStop {
  readonly problem: ExpressionProblem;

  constructor(problem: ExpressionProblem) {
    this.problem = problem;
  }
}

export function peek(cursor: ExpressionCursor): ExpressionToken {
  return cursor.tokens[cursor.index] ?? { kind: 'end', text: '', offset: 0 };
}

/** Whether a mark or keyword stands here; a keyword in any capitals. */
export function stands(cursor: ExpressionCursor, text: string, ahead = 0): boolean {
  const token = cursor.tokens[cursor.index + ahead];
  return (
    (token?.kind === 'mark' && token.text === text) ||
    (token?.kind === 'word' && token.text.toLowerCase() === text)
  );
}

export function take(cursor: ExpressionCursor, text: string): boolean {
  const isThere = stands(cursor, text);
  cursor.index += isThere ? 1 : 0;
  return isThere;
}

export function expect(cursor: ExpressionCursor, text: string): void {
  if (!take(cursor, text)) {
    stop(cursor, `\`${text}\``);
  }
}

/** The mark of `marks` that stands here, which is then passed. */
export function takeOne<const Mark extends string>(
  cursor: ExpressionCursor,
  marks: readonly Mark[],
): Mark | undefined {
  return marks.find((mark) => take(cursor, mark));
}

export function stop(cursor: ExpressionCursor, wanted: string): never {
  const token = peek(cursor);
  const found = token.kind === 'end' ? 'its end' : quoteText(token.text);
  refuse('EXPRESSION_SYNTAX', { found, wanted }, token.offset);
}

export function refuse(rule: ErrorCode, parameters: ErrorParameters, offset: number): never {
  throw new ExpressionStop({ rule, parameters, offset });
}
