import { parseAst } from 'vitest/node';

/** A node of a syntax tree as oxc gives it (ESTree with TypeScript); positions are offsets into the text. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Parses TypeScript or JavaScript; throws what oxc says about text that is neither. */
export function parseSyntax(path: string, text: string): SyntaxNode {
  const program: unknown = parseAst(text, { lang: path.endsWith('.ts') ? 'ts' : 'js' }, path);
  if (isNode(program)) return program;
  throw new TypeError(`${path} has no syntax tree`);
}

/** Every node below and with this one, parents before children. */
export function* nodesOf(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

/** The direct children of a node, in the order of the text. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node).flatMap((value) => nodesAmong(value));
}

/** The nodes a field of a node holds: itself, those of a list, or none. */
export function nodesAmong(value: unknown): readonly SyntaxNode[] {
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

/** The text of an identifier, a private name or a string, else nothing. */
export function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  const name = value.name ?? value.value;
  return typeof name === 'string' ? name : undefined;
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}
