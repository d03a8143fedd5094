import { indent, lineWidth } from '../pyspark/code-block.ts';

/** Python that makes a Spark column, as a tree, so that brackets and line breaks can be set where they belong. */
export type ColumnCode =
  | { readonly kind: 'atom'; readonly text: string }
  | {
      readonly kind: 'call';
      readonly target?: ColumnCode;
      readonly name: string;
      readonly parts: readonly ColumnCode[];
    }
  | { readonly kind: 'prefix'; readonly operator: '-' | '~'; readonly operand: ColumnCode }
  | {
      readonly kind: 'infix';
      readonly operator: InfixOperator;
      readonly left: ColumnCode;
      readonly right: ColumnCode;
    };

/** How tightly Python binds (docs.python.org/3/reference/expressions.html#operator-precedence). */
const ranks = {
  '==': 1,
  '!=': 1,
  '<': 1,
  '<=': 1,
  '>': 1,
  '>=': 1,
  '|': 2,
  '&': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '%': 5,
} as const;
const prefixRank = 6;
const tightest = 7;

export type InfixOperator = keyof typeof ranks;

export function atom(text: string): ColumnCode {
  return { kind: 'atom', text };
}

/** `F.name(...)`. */
export function call(name: string, parts: readonly ColumnCode[]): ColumnCode {
  return { kind: 'call', name: `F.${name}`, parts };
}

/** `target.name(...)`. */
export function method(
  target: ColumnCode,
  name: string,
  parts: readonly ColumnCode[] = [],
): ColumnCode {
  return { kind: 'call', target, name: `.${name}`, parts };
}

export function infix(operator: InfixOperator, left: ColumnCode, right: ColumnCode): ColumnCode {
  return { kind: 'infix', operator, left, right };
}

/**
 * The Python text, on one line if it fits. `before` counts the characters that stand before it on its line; broken,
 * it must stand within brackets.
 */
export function printColumn(code: ColumnCode, before = 0): string {
  const flat = printFlat(code);
  // A comma may follow.
  return flat.length + before < lineWidth ? flat : printBroken(code, before);
}

function printFlat(code: ColumnCode): string {
  switch (code.kind) {
    case 'atom':
      return code.text;
    case 'call': {
      const target = code.target === undefined ? '' : inBrackets(code.target, tightest);
      return `${target}${code.name}(${code.parts.map(printFlat).join(', ')})`;
    }
    case 'prefix':
      return code.operator + inBrackets(code.operand, prefixRank);
    case 'infix': {
      const [least, leastRight] = leastRanks(code.operator);
      return `${inBrackets(code.left, least)} ${code.operator} ${inBrackets(code.right, leastRight)}`;
    }
  }
}

/** What may stand at the left and the right of an operator without brackets. Comparisons must not follow each other. */
function leastRanks(operator: InfixOperator): readonly [left: number, right: number] {
  const rank = ranks[operator];
  return rank === 1 ? [ranks['+'], ranks['+']] : [rank, rank + 1];
}

function inBrackets(code: ColumnCode, least: number): string {
  return rankOf(code) >= least ? printFlat(code) : `(${printFlat(code)})`;
}

function rankOf(code: ColumnCode): number {
  if (code.kind === 'infix') {
    return ranks[code.operator];
  }
  return code.kind === 'prefix' ? prefixRank : tightest;
}

function printBroken(code: ColumnCode, before: number): string {
  switch (code.kind) {
    case 'atom':
      return code.text;
    case 'call': {
      const target =
        code.target === undefined ? '' : inBrokenBrackets(code.target, tightest, before);
      const parts = code.parts.map((part) => `${indent(printColumn(part, before + 4))},\n`);
      return `${target}${code.name}(${parts.length === 0 ? '' : `\n${parts.join('')}`})`;
    }
    case 'prefix':
      return code.operator + inBrokenBrackets(code.operand, prefixRank, before + 1);
    case 'infix': {
      const [least, leastRight] = leastRanks(code.operator);
      const left = inBrokenBrackets(code.left, least, before);
      return `${left}\n${code.operator} ${inBrokenBrackets(code.right, leastRight, before + 2)}`;
    }
  }
}

function inBrokenBrackets(code: ColumnCode, least: number, before: number): string {
  if (rankOf(code) >= least) {
    return printColumn(code, before);
  }
  const flat = `(${printFlat(code)})`;
  return flat.length + before < lineWidth ? flat : `(\n${indent(printColumn(code, before + 4))}\n)`;
}
