import { posix } from 'node:path';
import { type FunctionShape, functionsOf } from './function-shape.ts';
import { nameOf, nodesAmong, nodesOf, parseSyntax, type SyntaxNode } from './syntax-tree.ts';

/** What the rules of the house look at in a file of code; `path` counts from the project's folder. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  readonly functions: readonly FunctionShape[];
  /** Every `new X(...)`, by the name of X. */
  readonly constructed: readonly string[];
  readonly readsEnvironment: boolean;
}

export interface Import {
  /** From the project's folder for files of the project, else as written. */
  readonly target: string;
  /** Gone when the program runs: `import type`, or a type asked for by `import('...')`. */
  readonly typeOnly: boolean;
}

export interface Export {
  readonly name: string;
  /** Taken from another file by `export ... from`. */
  readonly passedOn: boolean;
  readonly isType: boolean;
}

export function parseSourceFile(path: string, text: string): SourceFile {
  const program = parseSyntax(path, text);
  const nodes = [...nodesOf(program)];
  return {
    path,
    lines: text.replace(/\n$/, '').split('\n').length,
    imports: nodes.flatMap((node) => importOf(node, path)),
    exports: nodesAmong(program.body).flatMap(exportsOf),
    functions: functionsOf(program, text),
    constructed: nodes
      .filter((node) => node.type === 'NewExpression')
      .map((node) => nameOf(node.callee) ?? ''),
    readsEnvironment: nodes.some(isEnvironment),
  };
}

function importOf(node: SyntaxNode, path: string): readonly Import[] {
  const source = nameOf(node.source);
  if (source === undefined) return [];
  const target = source.startsWith('.') ? posix.join(posix.dirname(path), source) : source;
  const typeOnly =
    node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
  return [{ target, typeOnly }];
}

function exportsOf(statement: SyntaxNode): readonly Export[] {
  const passedOn = nameOf(statement.source) !== undefined;
  const isType = statement.exportKind === 'type';
  return namesExportedBy(statement).map((name) => ({ name, passedOn, isType }));
}

function namesExportedBy(statement: SyntaxNode): readonly string[] {
  if (statement.type === 'ExportAllDeclaration') return ['*'];
  if (statement.type === 'ExportDefaultDeclaration') return ['default'];
  if (statement.type !== 'ExportNamedDeclaration') return [];
  const declared = nodesAmong(statement.declaration).flatMap(namesDeclaredBy);
  const listed = nodesAmong(statement.specifiers).map((node) => nameOf(node.exported) ?? '');
  return [...declared, ...listed];
}

function namesDeclaredBy(declaration: SyntaxNode): readonly string[] {
  const declarators = nodesAmong(declaration.declarations);
  return [declaration, ...declarators].flatMap((node) => nameOf(node.id) ?? []);
}

/** `process.env`, or `env` taken from node:process. */
function isEnvironment(node: SyntaxNode): boolean {
  if (node.type === 'MemberExpression') {
    return nameOf(node.object) === 'process' && nameOf(node.property) === 'env';
  }
  const fromProcess = ['node:process', 'process'].includes(nameOf(node.source) ?? '');
  return fromProcess && nodesAmong(node.specifiers).some((one) => nameOf(one.imported) === 'env');
}
