/** The widest line of generated code, as the common Python formatters count it. */
export const lineWidth = 100;

/**
 * Puts spaces before each line that is not empty; `levels` of four. Lines end at `\n` only: a regular
 * expression's `^` would also match behind U+2028, inside a name that holds one.
 */
export function indent(text: string, levels = 1): string {
  const blanks = '    '.repeat(levels);
  return text
    .split('\n')
    .map((line) => (line === '' ? line : blanks + line))
    .join('\n');
}

/**
 * A call as a person would lay it out: on one line if it fits, else one argument a line with a comma after
 * each. `open` ends with the bracket, `close` starts with it; `levels` is how deep the text will be indented.
 */
export function layOutCall(
  open: string,
  parts: readonly string[],
  { close = ')', levels = 0 }: { readonly close?: string; readonly levels?: number } = {},
): string {
  const line = open + parts.join(', ') + close;
  if (line.length + 4 * levels <= lineWidth && !line.includes('\n')) {
    return line;
  }
  return [open, ...parts.map((part) => indent(`${part},`)), close].join('\n');
}

/** Sentences wrapped into comment lines. */
export function layOutComment(text: string, levels = 0): string {
  return wrapWords(text, lineWidth - 2 - 4 * levels)
    .map((line) => `# ${line}`)
    .join('\n');
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Top-level functions and classes, two blank lines between them. */
export function joinDefinitions(definitions: readonly string[]): string {
  return definitions.join('\n\n\n');
}
