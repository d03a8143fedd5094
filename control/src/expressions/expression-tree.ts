/** What an expression says, as a tree. `offset` is where a part begins; of operators it is the operator's place. */
export type Expression =
  | LiteralExpression
  | ColumnExpression
  | {
      readonly kind: 'unary';
      readonly operator: '-' | 'not';
      readonly operand: Expression;
      readonly offset: number;
    }
  | BinaryExpression
  | { readonly kind: 'is-null'; readonly operand: Expression; readonly offset: number }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly items: readonly LiteralExpression[];
      readonly offset: number;
    }
  | {
      readonly kind: 'like';
      readonly operand: Expression;
      readonly pattern: string;
      readonly offset: number;
    }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly offset: number;
    }
  | CaseExpression
  | CallExpression;

export interface LiteralExpression {
  readonly kind: 'literal';
  /** Whole numbers are bigint, numbers with a point or an exponent are number. */
  readonly value: string | bigint | number | boolean | null;
  readonly offset: number;
}

export interface ColumnExpression {
  readonly kind: 'column';
  readonly parts: readonly string[];
  readonly offset: number;
}

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly offset: number;
}

export interface CaseExpression {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expression; readonly value: Expression }[];
  readonly otherwise?: Expression;
  readonly offset: number;
}

export interface CallExpression {
  readonly kind: 'call';
  /** In small letters. */
  readonly name: string;
  readonly parameters: readonly Expression[];
  readonly offset: number;
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type BinaryOperator = ComparisonOperator | ArithmeticOperator | 'and' | 'or';
