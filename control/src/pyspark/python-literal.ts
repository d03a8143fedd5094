import { SluiceError } from '../errors/sluice-error.ts';

export type PythonValue = string | number | bigint | boolean | readonly PythonValue[];

/**
 * The one door through which values enter Python text: returns a literal that Python reads back as exactly
 * this value. Text is written in ASCII, so no character of it can end the literal, the line or the file's
 * encoding. Halves of surrogate pairs become `\udXXX`, which Python keeps as such.
 * @throws LITERAL for numbers that are not finite.
 */
export function pythonLiteral(value: PythonValue): string {
  if (typeof value === 'string') {
    return textLiteral(value);
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (typeof value === 'number') {
    return numberLiteral(value);
  }
  if (typeof value === 'bigint') {
    return String(value);
  }
  return `[${value.map(pythonLiteral).join(', ')}]`;
}

function textLiteral(text: string): string {
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  const characters = Array.from(text, (character) =>
    character === quote ? `\\${quote}` : escapeCharacter(character),
  );
  return quote + characters.join('') + quote;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeCharacter(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) {
    return short;
  }
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) {
    return character;
  }
  const hex = code.toString(16);
  if (code <= 0xff) {
    return `\\x${hex.padStart(2, '0')}`;
  }
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) {
    throw new SluiceError('LITERAL', { value });
  }
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  return String(value);
}

/** A number as a Python float, so that Spark takes it for a DOUBLE also when it is whole. */
export function pythonFloat(value: number): string {
  const text = numberLiteral(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Text for the inside of a `#` comment: on one line, without characters that change what a reader sees. */
export function textInComment(text: string): string {
  return Array.from(text, (character) =>
    character === '\\' ? character : escapeCharacter(character),
  ).join('');
}

/** Text for the inside of a literal in three double quotes, such as a docstring; lines stay lines. */
export function textInTripleQuotes(text: string): string {
  return Array.from(text, (character) => {
    if (character === '\n') {
      return character;
    }
    return character === '"' ? '\\"' : escapeCharacter(character);
  }).join('');
}
