import { childrenOf, nameOf, nodesAmong, type SyntaxNode } from './syntax-tree.ts';

/** The measures of one function; a function inside another one is measured for itself. */
export interface FunctionShape {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
  /** How deep loops, branches and catches stand in one another; `else if` is no deeper than its `if`. */
  readonly nesting: number;
}

const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
const nestingTypes = [
  'IfStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'SwitchStatement',
  'CatchClause',
];

/** All functions of a syntax tree, in the order of the text. */
export function functionsOf(program: SyntaxNode, text: string): readonly FunctionShape[] {
  const found: FunctionShape[] = [];
  visit(program, undefined);
  return found;

  function visit(node: SyntaxNode, givenName: string | undefined): void {
    if (isFunction(node)) found.push(measure(node, givenName, text));
    const name = nameOf(node.id) ?? nameOf(node.key);
    for (const child of childrenOf(node)) visit(child, isFunction(child) ? name : undefined);
  }
}

function measure(node: SyntaxNode, givenName: string | undefined, text: string): FunctionShape {
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const line = lineAt(node.start);
  return {
    name: nameOf(node.id) ?? givenName ?? '(unnamed)',
    line,
    lines: lineAt(node.end) - line + 1,
    parameters: nodesAmong(node.params).filter((parameter) => nameOf(parameter) !== 'this').length,
    nesting: nodesAmong(node.body).reduce((deepest, body) => Math.max(deepest, nestingOf(body)), 0),
  };
}

function nestingOf(node: SyntaxNode): number {
  const below = childrenOf(node)
    .filter((child) => !isFunction(child))
    .map((child) => nestingOf(child) - (isElseIf(node, child) ? 1 : 0));
  return Math.max(0, ...below) + (nestingTypes.includes(node.type) ? 1 : 0);
}

function isElseIf(node: SyntaxNode, child: SyntaxNode): boolean {
  return node.type === 'IfStatement' && node.alternate === child && child.type === 'IfStatement';
}

function isFunction(node: SyntaxNode): boolean {
  return functionTypes.includes(node.type);
}
