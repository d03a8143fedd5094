import { pythonLiteral } from './python-literal.ts';

/** A `${NAME}` or `${NAME:-default}`; its value is read when the job starts. */
export interface EnvironmentReference {
  readonly name: string;
  readonly fallback?: string;
}

const pattern = /^\$\{([A-Z_][A-Z0-9_]*)(?::-([^{}]*))?\}$/;

/** The reference that a text is as a whole; undefined when it is none. */
export function parseReference(text: string): EnvironmentReference | undefined {
  const match = pattern.exec(text);
  const [, name, fallback] = match ?? [];
  if (name === undefined) {
    return undefined;
  }
  return fallback === undefined ? { name } : { name, fallback };
}

/** Whether a text looks as if somebody meant a reference. */
export function mentionsEnvironment(text: string): boolean {
  return text.includes('${');
}

/** What is known of a text before the job starts: itself, or a reference's default if it has one. */
export function knownText(text: string): string | undefined {
  return mentionsEnvironment(text) ? parseReference(text)?.fallback : text;
}

/** The Python expression of a text that may be a reference. A default counts when the variable is not set. */
export function pythonText(text: string): string {
  const reference = parseReference(text);
  if (reference === undefined) {
    return pythonLiteral(text);
  }
  const name = pythonLiteral(reference.name);
  return reference.fallback === undefined
    ? `os.environ[${name}]`
    : `os.environ.get(${name}, ${pythonLiteral(reference.fallback)})`;
}

/** The import lines that the Python of these texts needs. */
export function environmentImports(texts: readonly string[]): readonly string[] {
  return texts.some((text) => parseReference(text) !== undefined) ? ['import os'] : [];
}
