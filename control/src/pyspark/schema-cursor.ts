import type { SchemaToken } from './schema-tokens.ts';

/** What is wrong in a schema text, and where: `offset` counts UTF-16 units from its start. */
export interface SchemaProblem {
  readonly offset: number;
  readonly rule: 'SCHEMA_SYNTAX' | 'SCHEMA_DUPLICATE' | 'COLUMN_NAME';
  readonly found: string;
  readonly wanted: string;
}

/** Where the descent stands. */
export interface SchemaCursor {
  readonly tokens: readonly SchemaToken[];
  index: number;
}

/** Carries the first problem out of the descent; caught in readSchema and nowhere else. */
export class SchemaStop {
  readonly problem: SchemaProblem;

  constructor(problem: SchemaProblem) {
    this.problem = problem;
  }
}

export function expect(cursor: SchemaCursor, mark: string): void {
  if (!take(cursor, mark)) {
    stop(cursor, `\`${mark}\``);
  }
}

export function take(cursor: SchemaCursor, mark: string): boolean {
  const token = peek(cursor);
  if (token.kind !== 'mark' || token.text !== mark) {
    return false;
  }
  cursor.index += 1;
  return true;
}

export function peek(cursor: SchemaCursor): SchemaToken {
  return cursor.tokens[cursor.index] ?? { kind: 'end', text: '', offset: 0 };
}

export function stop(cursor: SchemaCursor, wanted: string): never {
  const token = peek(cursor);
  const found = token.kind === 'end' ? 'its end' : `\`${token.text.slice(0, 40)}\``;
  throw new SchemaStop({ offset: token.offset, rule: 'SCHEMA_SYNTAX', found, wanted });
}
